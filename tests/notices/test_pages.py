"""The pages of papers: list, file page, download, state, printing again. Each with its stranger."""

import pytest
from django.urls import reverse

from audit import trail
from jobs.models import Job
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory, UserFactory
from vault import files

pytestmark = pytest.mark.django_db
LIST_QUERIES = 12


@pytest.fixture
def officer(client):
    user = UserFactory(unit=make.nanning(), inspector=True)
    client.force_login(user)
    return user


def test_the_list_narrows_by_each_condition(client, officer, print_now):
    first = print_now(make.issue())
    make.issue(addressee="柳州某酒店有限公司", at=make.later(days=10))

    def found(**conditions):
        page = client.get(reverse("notices:list"), conditions)
        return [notice.serial for notice in page.context["page"].rows]

    assert found() == [2, 1]
    assert found(q="〕1号") == [1]
    assert found(q="酒店") == [2]
    assert found(printing="printed") == [1]
    assert found(printing="unprinted") == [2]
    assert found(state="withdrawn") == []
    assert found(kind="correction_order", unit=first.unit.pk) == [2, 1]
    assert found(since="2025-01-09") == [2]
    assert found(until="2025-01-09") == [1]
    assert found(since="2025-02-01", until="2025-01-01") == []
    assert (
        "没有符合条件的文书" in client.get(reverse("notices:list"), {"q": "没有"}).content.decode()
    )


def test_the_list_costs_the_same_for_many(client, officer, django_assert_max_num_queries):
    for _ in range(30):
        make.issue()
    client.get(reverse("notices:list"))

    with django_assert_max_num_queries(LIST_QUERIES):
        page = client.get(reverse("notices:list"))

    assert len(page.context["page"].rows) == 25
    more = client.get(reverse("notices:list"), {"after": page.context["page"].next})
    assert len(more.context["page"].rows) == 5


def test_an_empty_list_says_what_to_do(client, officer):
    assert "还没有签发过文书" in client.get(reverse("notices:list")).content.decode()


def test_the_file_page_shows_facts_hashes_and_service(
    client, officer, print_now, django_assert_max_num_queries
):
    notice = print_now(make.issue())
    client.get(reverse("notices:list"))  # the first page of a session also stamps the session

    with django_assert_max_num_queries(LIST_QUERIES):
        page = client.get(reverse("notices:detail", args=[notice.pk])).content.decode()

    for text in (
        notice.number,
        notice.addressee,
        "还没有送达记录",
        "下载 PDF",
        notice.pdf_sha256[:8],
    ):
        assert text in page


def test_a_queued_paper_says_so_and_the_page_can_ask(client, officer):
    notice = make.issue()

    page = client.get(reverse("notices:detail", args=[notice.pk])).content.decode()
    answer = client.get(reverse("notices:state", args=[notice.pk])).json()

    assert "排队" in page
    assert reverse("notices:state", args=[notice.pk]) in page
    assert answer == {"state": "queued", "word": "排队中", "reason": "", "place": 1}


def test_a_failed_paper_says_why_and_is_printed_again(client, officer):
    notice = make.issue()
    Job.objects.update(state="dead", attempts=1, last_error="文书字体中没有这些字：𪚥")

    page = client.get(reverse("notices:detail", args=[notice.pk])).content.decode()
    assert "𪚥" in page
    assert "再试一次" in page

    client.post(reverse("notices:retry", args=[notice.pk]))
    assert Job.objects.get().state == "queued"
    again = client.post(reverse("notices:retry", args=[notice.pk]), follow=True)
    assert "只有已停止的任务可以重试" in again.content.decode()


def test_everyone_downloads_the_stored_bytes_and_it_is_recorded(client, officer, print_now):
    notice = print_now(make.issue())

    answer = client.get(reverse("notices:pdf", args=[notice.pk]))

    assert answer.content == files.read(notice.pdf)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer["Content-Disposition"]
    assert "%E3%80%942025%E3%80%951%E5%8F%B7.pdf" in answer["Content-Disposition"]
    event = trail.timeline(notice).get()
    assert (event.verb, event.actor) == ("notices.download", officer)


def test_a_paper_that_is_not_printed_cannot_be_downloaded(client, officer):
    notice = make.issue()

    answer = client.get(reverse("notices:pdf", args=[notice.pk]), follow=True)

    assert "还没有打印好" in answer.content.decode()


@pytest.mark.parametrize("name", ["detail", "pdf", "state"])
def test_another_units_paper_does_not_exist(client, name):
    notice = make.issue()
    client.force_login(UserFactory(unit=UnitFactory(), supervisor=True))

    assert client.get(reverse(f"notices:{name}", args=[notice.pk])).status_code == 404
    assert client.post(reverse("notices:retry", args=[notice.pk])).status_code == 404
    assert not client.get(reverse("notices:list")).context["page"].rows


@pytest.mark.parametrize("name", ["detail", "pdf", "state"])
def test_without_log_in_there_is_no_paper(client, name):
    notice = make.issue()

    answer = client.get(reverse(f"notices:{name}", args=[notice.pk]))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


def test_a_role_without_papers_is_told_so(client):
    client.force_login(UserFactory(unit=make.nanning(), system_admin=True))

    assert client.get(reverse("notices:list")).status_code == 403
