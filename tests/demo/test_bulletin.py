"""The five Nanning cases say what the published bulletin says, part by part; no name gets out.

What the publication says is read from `demo/data/cases.json` (`quote`) and `bulletin.json`, its own
words. Where the portal's words differ, the difference is in `DIFFERENCES` here and in
docs/bulletin.md; nothing else may differ.
"""

import io
import re

import docx
import pypdf
import pytest
from django.utils import timezone

from audit.trail import Refused
from bulletins import bulletins, personal, reasons, wording
from bulletins.models import Bulletin, BulletinState, Publication, PublicationState
from demo import bulletin as told
from demo.ground import read, seeded_numbers
from enterprises.models import Enterprise
from jobs import ledger
from notices import reading
from penalties.models import Case
from vault import files

PUBLISHED = [case for case in read("cases.json")["cases"] if case["id"] in told.KEYS]
#: case → (what the publication says, what the portal says), each explained in docs/bulletin.md
DIFFERENCES = {
    "S1-1": [("的系统存在", "的业务系统存在")],
    "S1-2": [("的某系统存在", "的业务系统存在")],
    "S1-3": [("超范围收集个人信息且未向用户公开", "超范围收集个人信息，未向用户公开")],
    "S1-4": [("的系统存储", "的业务系统存储")],
    "S1-5": [("对该公司不履行", "对该单位不履行")],
}
#: Names as they might be in a real register; the publication reduced them.
FULL = {
    "S1-1": "南宁桂捷客货服务有限责任公司",
    "S1-2": "南宁市智联商务服务有限公司",
    "S1-3": "广西桂悦酒店有限公司",
    "S1-4": "宾阳云水酒店有限公司",
    "S1-5": "云栖连锁酒店",
}


def elements(first, second):
    """The parts of a case as a publication tells it."""
    found = re.fullmatch(
        r"(?P<agency>.+?)在(?P<how>.+?)中发现，(?P<name>.+?)(?:的(?P<system>[^，]*?系统))?"
        r"(?:存在)?(?P<findings>(?:存储|未|超).+)等问题。",
        first,
    )
    law = re.fullmatch(
        r"根据(?P<articles>.+)之规定，(?P<who>.+?)对该(?:公司|单位)(?P<cause>.+?)的违法行为"
        r"处以(?P<measure>.+?)，(?P<correction>.+)。",
        second,
    )
    assert found, first
    assert law, second
    parts = found.groupdict() | law.groupdict()
    parts["findings"] = re.split(r"，|个人信息且(?=未向)", parts["findings"])
    return parts


def the_bulletin():
    return Bulletin.objects.get()


def test_the_demonstration_holds_the_bulletin_published_on_its_day():
    bulletin = the_bulletin()
    assert bulletin.state == BulletinState.PUBLISHED
    assert bulletin.published_on.isoformat() == PUBLISHED[0]["published"]
    assert bulletin.is_demonstration
    due = Publication.objects.filter(case__bulletin_entries__bulletin=bulletin)
    assert {each.state for each in due} == {PublicationState.PUBLISHED}


def test_title_introduction_and_reminder_are_those_published():
    bulletin, words = the_bulletin(), read("bulletin.json")
    kinds = [kind for kind, _text in bulletin.words]
    texts = [text for _kind, text in bulletin.words]
    assert texts[0] == words["title"]
    assert texts[1] == words["intro"]
    assert [text for kind, text in bulletin.words if kind == wording.HEADING] == [
        *(case["source"]["part"] for case in PUBLISHED),
        words["reminder_heading"],
    ]
    assert texts[-3] == words["reminder"]
    assert kinds[-2:] == [wording.ORGAN, wording.DATE]


@pytest.mark.parametrize("place", range(5), ids=told.KEYS)
def test_each_case_says_what_was_published(place):
    published = PUBLISHED[place]
    ours = the_bulletin().entries.get(ordinal=place + 1).text.split("\n")
    theirs, mine = elements(*published["quote"]), elements(*ours)

    for part in ("agency", "how", "name", "articles", "who", "cause", "measure", "correction"):
        assert mine[part] == theirs[part], part
    assert [text.removeprefix("超范围收集") for text in mine["findings"]] == [
        text.removeprefix("超范围收集") + ("个人信息" if text == "超范围收集" else "")
        for text in theirs["findings"]
    ]
    assert theirs["name"] == published["enterprise"]

    wanted = "".join(published["quote"])
    for before, after in DIFFERENCES[published["id"]]:
        assert wanted.count(before) == 1
        wanted = wanted.replace(before, after)
    assert "".join(ours) == wanted


def test_with_real_names_the_same_is_said_and_no_file_holds_a_name_or_number():
    """The register of the demonstration holds names that are reduced already. Here it holds full
    ones, and the bulletin is made anew, through the verbs and the worker."""
    former = the_bulletin()
    cases = {key: told.case_of(key) for key in told.KEYS}
    for key, name in FULL.items():
        Enterprise.objects.filter(pk=cases[key].enterprise_id).update(name=name, short_name="")
    by, chief = former.drafted_by, former.approved_by
    fresh = bulletins.draft(
        [Case.objects.get(pk=case.pk) for case in cases.values()],
        unit=former.unit,
        by=by,
        at=former.drafted_at,
        title=former.title,
        intro=former.intro,
        reminder=former.reminder,
    )
    entry = fresh.entries.get(ordinal=5)
    assert "南宁某连锁酒店的信息登记系统" in entry.text  # published without a place
    said = [each.text for each in fresh.entries.order_by("ordinal")]
    entry_texts = [each.text for each in former.entries.order_by("ordinal")]
    assert [each.replace(told.KIND_CHOSEN, told.KIND_PUBLISHED) for each in said[:4]] == (
        entry_texts[:4]
    )

    bulletins.submit(fresh, by=by, at=former.submitted_at)
    bulletins.approve(fresh, by=chief, at=former.approved_at)
    assert ledger.work(str(fresh.export_job().pk), clock=timezone.now)
    data = {each.form: files.read(each.file) for each in fresh.exports.select_related("file")}
    texts = {
        "pdf": "".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data["pdf"])).pages
        ),
        "docx": "\n".join(p.text for p in docx.Document(io.BytesIO(data["docx"])).paragraphs),
        "html": data["html"].decode(),
    }
    sought = personal.needles(
        [each.case for each in reasons.entries_of(fresh)], wording.known_places()
    )
    assert len(sought) > 60
    for form, text in texts.items():
        flat = reading.squeeze(text)
        for name in (*FULL.values(), *seeded_numbers()):
            assert name not in flat, form
        body = flat.replace("width=device-width", "").replace("charset", "")
        assert personal.search([personal.Place(form, form, body)], sought) == [], form


def test_a_full_name_typed_into_the_text_stops_it():
    former = the_bulletin()
    case = told.case_of("S1-1")
    Enterprise.objects.filter(pk=case.enterprise_id).update(name=FULL["S1-1"])
    draft = bulletins.draft(
        [told.case_of("S1-1")],
        unit=former.unit,
        by=former.drafted_by,
        at=former.drafted_at,
        title="南宁　桂捷客货服务有限责任公司被处罚",
    )
    with pytest.raises(Refused, match="标题第 1 字起有企业名称"):
        bulletins.submit(draft, by=former.drafted_by, at=former.drafted_at)
