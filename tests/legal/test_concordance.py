"""Which article became which: proposed from the texts, decided by a person."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from legal import concordance, differences, likeness, loading
from legal.models import Article, LawVersion, Match
from tests.factories.accounts import UserFactory
from tests.factories.legal import ArticleFactory
from tests.legal.test_import_law import NEW, OLD, run, testing_law  # noqa: F401 - a fixture

NOW = timezone.now


@pytest.fixture
def imported(testing_law):  # noqa: F811
    run(OLD, NEW, "--yes")
    return testing_law


def pair(old: str, new: str) -> Match:
    return Match.objects.get(old__ref=f"TST@2019:{old}", new__ref=f"TST@2024:{new}")


def test_importer_proposes(imported):
    found = {
        (match.old.ref.partition(":")[2], match.new.ref.partition(":")[2]): match.likeness
        for match in Match.objects.select_related("old", "new")
    }
    assert found["1", "1"] == found["2", "2"] == found["5", "6"] == 100
    assert ("3", "3") in found
    assert 45 <= found["4", "5"] < 100
    assert ("3", "4-1") not in found


def test_command_compares_and_is_quiet_the_second_time(imported):
    Match.objects.all().delete()
    assert "proposed now" in run("--concordance", "TST@2019", "TST@2024")
    count = Match.objects.count()
    assert "0 of them proposed now" in run("--concordance", "TST@2019", "TST@2024")
    assert Match.objects.count() == count


def test_confirmed_is_a_link_that_load_law_leaves(imported):
    user = UserFactory(system_admin=True)
    match = pair("4", "5")
    concordance.confirm(match, by=user, at=NOW())
    assert [each.ref for each in match.old.maps_to.all()] == ["TST@2024:5"]
    assert Event.objects.filter(verb="law.match_confirmed").exists()
    with pytest.raises(concordance.CannotDecide, match="已经有了决定"):
        concordance.reject(match, by=user, at=NOW())
    assert concordance.kept_links() == {match.old_id: {match.new_id}}
    concordance.reopen(match, by=user, at=NOW())
    assert not match.old.maps_to.exists()
    concordance.reject(match, by=user, at=NOW())
    run("--concordance", "TST@2019", "TST@2024")
    match.refresh_from_db()
    assert (match.decision, match.decided_by) == ("rejected", user)


def test_load_law_keeps_a_confirmed_link(law):
    old = Article.objects.get(ref="CSL@2016:59")
    new = Article.objects.get(ref="CSL@2025:61")
    Match.objects.create(old=old, new=new, likeness=76, proposed_at=NOW())
    concordance.confirm(Match.objects.get(), by=UserFactory(), at=NOW())
    assert loading.load().is_quiet
    assert [each.ref for each in old.maps_to.all()] == ["CSL@2025:61"]


def test_what_the_register_knows_is_marked(imported):
    version = LawVersion.objects.get(ref="TST@2024")
    old = Article.objects.get(ref="TST@2019:3(1)[2]")
    part = ArticleFactory(version=version, number=3, para=1, item=2, ref="TST@2024:3(1)[2]")
    old.maps_to.add(part)
    Article.objects.get(ref="TST@2019:4").maps_to.add(Article.objects.get(ref="TST@2024:4"))
    said = run("--concordance", "TST@2019", "TST@2024")
    assert "1 known already, 1 unlike what the register says" in said
    assert pair("3", "3").standing == Match.Standing.KNOWN
    assert pair("4", "5").standing == Match.Standing.CONTRADICTS


def test_decided_in_the_back_room(client, imported):
    client.force_login(UserFactory(system_admin=True))
    url = reverse("admin:legal_match_changelist")
    chosen = [match.pk for match in Match.objects.filter(likeness=100)]
    data = {"action": "confirm", "_selected_action": chosen}
    page = client.post(url, data, follow=True).content.decode()
    assert f"已决定 {len(chosen)} 组" in page
    assert Match.objects.confirmed().count() == len(chosen)
    page = client.post(url, data, follow=True).content.decode()
    assert "已经有了决定" in page
    client.force_login(UserFactory(auditor=True))
    client.post(url, {**data, "action": "reopen"})
    assert Match.objects.confirmed().count() == len(chosen)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"likeness": 101}, "legal_match_percent"),
        ({"standing": "odd"}, "legal_match_standing_known"),
        ({"decision": "confirmed"}, "legal_match_decided_by_somebody"),
        ({"decided_at": NOW()}, "legal_match_decided_by_somebody"),
    ],
)
def test_constraints(imported, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Match.objects.filter(pk=Match.objects.first().pk).update(**values)


def test_pairs_of_articles_and_once(imported):
    match = Match.objects.first()
    with pytest.raises(IntegrityError, match="legal_match_of_two"), transaction.atomic():
        Match.objects.create(old=match.old, new=match.old, likeness=1, proposed_at=NOW())
    with pytest.raises(IntegrityError, match="legal_match_once"), transaction.atomic():
        Match.objects.create(old=match.old, new=match.new, likeness=1, proposed_at=NOW())


# --- Pure ----------------------------------------------------------------------------------------


def test_likeness():
    one, other = likeness.grams("测试人员应当如实记录。"), likeness.grams("测试人员应当如实记录")
    assert likeness.percent(one, other) == 100
    assert likeness.percent(one, likeness.grams("渔业资源")) == 0
    old = {1: "测试人员应当如实记录结果。", 2: "甲乙丙丁戊己庚辛"}
    new = {1: "另一条完全不同的规定", 7: "测试人员应当如实记录全部结果。"}
    ((before, after, percent),) = likeness.pairs(old, new)
    assert (before, after) == (1, 7)
    assert 60 < percent < 100


def test_differences():
    parts = differences.between("处一万元以下罚款。", "处五万元以下罚款。")
    assert [(part.kind, part.old, part.new) for part in parts] == [
        ("same", "处", "处"),
        ("changed", "一", "五"),
        ("same", "万元以下罚款。", "万元以下罚款。"),
    ]
    long_ago = "第一句话。" * 900
    parts = differences.between(long_ago, long_ago + "新的一句。")
    assert [part.kind for part in parts] == ["same", "changed"]
    assert "".join(part.old for part in parts) == long_ago
