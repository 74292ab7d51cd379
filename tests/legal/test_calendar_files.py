"""Reading published calendars, and refusing with the line and what to do."""

import json
from datetime import date, timedelta

import pytest

from legal import calendar_files
from legal import published as notices
from legal.calendar_files import read
from legal.loading import DATA
from legal.published import BadCalendar, Published

YEAR_2027 = {
    "元旦": ["01-01", "01-02", "01-03"],
    "春节": ["02-06", "02-07", "02-08", "02-09", "02-10"],
    "清明节": ["04-05"],
    "劳动节": ["05-01", "05-02"],
    "端午节": ["06-09"],
    "中秋节": ["09-15"],
    "国庆节": ["10-01", "10-02", "10-03"],
}


def published(year=2027, *, without=(), extra=()):
    """A notice that could be, in holiday-cn's shape; nobody has published one of 2027 yet."""
    days = [
        {"name": name, "date": f"{year}-{day}", "isOffDay": True}
        for name, listed in YEAR_2027.items()
        for day in listed
        if name not in without
    ]
    return json.dumps({"year": year, "papers": ["https://www.gov.cn/x"], "days": [*days, *extra]})


def table(year=2027, *, mark=",", head="日期,名称,类型", extra=""):
    rows = [f"{year}-{day},{name},放假" for name, days in YEAR_2027.items() for day in days]
    return "\n".join([head, *rows, extra]).replace(",", mark) + "\n"


def every_day(year=2027, *, without=()):
    """A table of all days of a year, as some offices keep it."""
    off = {f"{year}-{day}": name for name, days in YEAR_2027.items() for day in days}
    rows, day = ["date,name,kind"], date(year, 1, 1)
    while day.year == year:
        plain = "周末" if day.weekday() >= 5 else "工作日"
        name = off.get(day.isoformat(), "")
        if day.month not in without:
            rows.append(f"{day.isoformat()},{name},{'放假' if name else plain}")
        day += timedelta(days=1)
    return "\n".join(rows)


def event(summary, first, last="", extra=""):
    end = f"DTEND;VALUE=DATE:{last}\r\n" if last else ""
    return (
        f"BEGIN:VEVENT\r\nUID:{summary}{first}\r\nSUMMARY:{summary}\r\n"
        f"DTSTART;VALUE=DATE:{first}\r\n{end}{extra}END:VEVENT\r\n"
    )


def ics(*more, without=()):
    """The same year as a calendar program keeps it: whole days, the end being the day after."""
    runs = [
        ("元旦（休）", "20270101", "20270104"),
        ("春节假期", "20270206", "20270211"),
        ("上班(补春节假期)", "20270131", "20270201"),
        ("清明节", "20270405", "", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY\r\n"),
        ("劳动节 休", "20270501", "20270503", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY\r\n"),
        ("端午节 [休]", "20270609"),
        ("中秋节假期", "20270915", "20270916"),
        ("国庆节假期", "20271001", "20271004"),
        ("七夕", "20270808", "20270809"),
    ]
    events = "".join(event(*run) for run in runs if run[0] not in without)
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//\r\n"
        + events
        + "".join(more)
        + "END:VCALENDAR\r\n"
    )


EXPECTED = {
    date.fromisoformat(f"2027-{day}"): name for name, days in YEAR_2027.items() for day in days
}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (published(), "2027.json"),
        ("\ufeff" + published(), ""),
        (published().encode("utf-8-sig"), "2027.json"),
        (table(), "2027.csv"),
        (table().encode("utf-8-sig"), "2027.csv"),
        (table().encode("gb18030"), "2027.csv"),
        (table().encode("utf-16"), "2027.txt"),
        (table(mark=";"), ""),
        (table(mark="\t"), "2027.tsv"),
        (table(mark="，"), ""),
        (table().replace("\n", "\r\n").replace("2027-01-01", "2027年1月1日"), "2027.csv"),
        (table().replace("2027-01-01", "2027/1/1").replace("2027-01-02", "20270102"), ""),
        (every_day(), "2027.csv"),
        (ics(), "2027.ics"),
        (ics().encode(), ""),
    ],
)
def test_read_whatever_the_shape_and_the_encoding(data, name):
    found = read(data, name)
    assert (found.year, found.off) == (2027, EXPECTED)
    made_up = {date(2027, 1, 31): "春节"} if "BEGIN" in str(data) else {}
    assert found.work == made_up
    named = "papers" in str(data)
    assert found.status == ("official" if named else "provisional")
    assert found.source == ("https://www.gov.cn/x" if named else "")


def test_status_and_source_can_be_said():
    found = read(table(), status="official", source="国办发明电〔2026〕99号")
    assert (found.status, found.source) == ("official", "国办发明电〔2026〕99号")
    assert read(published(), status="provisional").status == "provisional"


def test_december_belongs_to_the_notice_of_the_year_after():
    both = table(2027, extra="2026-12-31,元旦,放假") + table(2026).partition("\n")[2]
    assert date(2026, 12, 31) in read(both, year=2027).off
    assert date(2026, 12, 31) not in read(both, year=2026).off
    assert read(table(extra="2026-12-31,元旦,放假")).year == 2027


def test_work_that_starts_again_on_an_ordinary_day_is_no_make_up_day():
    again = {"name": "春节", "date": "2027-02-11", "isOffDay": False}
    assert read(published(extra=[again])).work == {}


def off(day):
    return {"name": "x", "date": day, "isOffDay": True}


def on(day):
    return {"name": "x", "date": day, "isOffDay": False}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "是空的"),
        ("[]", "holiday-cn"),
        ("{", "第 1 行不是 JSON"),
        ("[" * 20_000, "嵌套过深|不是 JSON"),
        ('{"year": 2027}', "holiday-cn"),
        ('{"year": "MMXXVII", "days": [1]}', "没有年份"),
        ('{"year": 2027, "papers": [], "days": []}', "没有日期"),
        ('{"year": 2027, "papers": [], "days": [{"date": "2027-01-01"}]}', "第 1 项缺少"),
        ('{"year": 2027, "papers": [], "days": ["2027-01-01"]}', "第 1 项缺少"),
        (published().replace("true", '"yes"', 1), "第 1 项的 isOffDay"),
        (published().replace("2027-01-02", "2027-01-32"), "第 2 项的日期“2027-01-32”"),
        (published(extra=[on("2027-01-01")]), "2027-01-01 出现了两次（第 1 项、第 17 项）"),
        (published(extra=[off("2027-01-01")]), "出现了两次"),
        (published(extra=[on("2027-03-03")]), "2027-03-03是平日"),
        (published(extra=[on("2028-01-02")]), "2028-01-02不属于2027年"),
        (published(extra=[on("2026-12-13")]), "2026-12-13不属于2027年"),
        (published(1999), "1999 不在"),
        (published(extra=[off(f"2027-08-{n:02d}") for n in range(1, 32)]), "放假 47 天，不合常理"),
        (published(without=("春节",)), "没有春节的放假日，可能漏了1月或2月"),
        (published(without=("国庆节",)), "没有国庆节的放假日，可能漏了10月"),
        (published(without=("中秋节",)), "没有中秋节的放假日"),
        (published(without=("清明节", "端午节")), "没有清明节.*没有端午节"),
        ("日期,名称\n2027-01-01,元旦\n", "第 1 行应为列名"),
        ("when,what,how\n2027-01-01,元旦,放假\n", "读到的是“when,what,how”"),
        (table(extra="2027-08-01,某节"), "第 18 行只有 2 列"),
        (table(extra="2027-08-01,某节,也许"), "第 18 行的类型“也许”看不懂"),
        (table(extra="2027-02-30,某节,放假"), "第 18 行的日期“2027-02-30”看不懂"),
        (table(extra="2027-08-02,,放假"), "第 18 行（2027-08-02）没有节日名称"),
        (table(extra="2027-01-01,元旦,放假"), "第 2 行、第 18 行"),
        (table(extra=f"2027-08-02,{'节' * 41},放假"), "第 18 行的名称超过 40 字"),
        (every_day(without=(7,)), "缺 31 天，从 2027-07-01 起"),
        (ics(without=("春节假期",)), "没有春节"),
        (ics(event("补休（休）", "20270301", extra="RRULE:FREQ=DAILY\r\n")), "重复事件"),
        (ics(event("长假（休）", "20270301", "20270701")), "长达 122 天"),
        (
            ics("BEGIN:VEVENT\r\nSUMMARY:会（休）\r\nDTSTART:20270301T090000Z\r\nEND:VEVENT\r\n"),
            "不是全天事件",
        ),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "ics"),
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "没有一个事件"),
        (ics(event("元旦（休）", "20270102")), "2027-01-02 出现了两次"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本文件"),
        (b"\xff\xfe\x00", "不是文本文件"),
        (b"{" * 10_000_000, "文件过大"),
    ],
)
def test_refusal_says_where_and_what_to_do(data, why):
    with pytest.raises(BadCalendar, match=why):
        read(data)


def test_names_that_do_not_fit_the_content():
    with pytest.raises(BadCalendar, match="BEGIN:VCALENDAR"):
        read(published(), "2027.ics")
    with pytest.raises(BadCalendar, match="2027年的，不是2028年的"):
        read(published(), year=2028)
    with pytest.raises(BadCalendar, match="没有2030年的日期"):
        read(table(), year=2030)


def test_no_machine_can_be_told_seventy_days_off():
    many = {date(2027, 1, 1).replace(month=m, day=d): "x" for m in (1, 2) for d in range(1, 29)}
    with pytest.raises(BadCalendar):
        notices.check(Published(2027, "", many, {}))
    sundays = {date(2027, 1, 3) + timedelta(weeks=n): "x" for n in range(16)}
    with pytest.raises(BadCalendar, match="调休上班 16 天"):
        notices.check(Published(2027, "", EXPECTED, sundays))


def test_every_shipped_year_names_its_notice():
    files = sorted((DATA / "holidays").glob("*.json"))
    assert [int(file.stem) for file in files] == list(range(2004, 2027))
    for file in files:
        found = calendar_files.read(file.read_bytes(), file.name)
        assert (str(found.year), found.status) == (file.stem, "official")
