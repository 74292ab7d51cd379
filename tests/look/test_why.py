"""Why this day: told from the stored derivation, cell by cell."""

from datetime import date

from django.template import Context, Template
from django.utils import translation

from look import samples, why


def days(rows: list[list[why.Cell]]) -> list[why.Cell]:
    return [cell for row in rows for cell in row if cell is not why.BLANK]


def test_the_working_days_over_the_spring_festival_of_2025():
    rows = why.weeks(samples.derivation(), today=date(2025, 2, 8))
    assert [len(row) for row in rows] == [7] * 6
    cells = days(rows)
    assert (cells[0].css, cells[0].label, cells[0].mark) == ("s", "1月9日", "送达")
    assert [cell.css for cell in cells[1:5]] == ["n", "w", "w", "n"]
    assert sum(cell.css.startswith("h") for cell in cells) == 8
    assert cells[17].css == "n m"
    assert cells[17].mark == "12"
    today = next(cell for cell in cells if cell.is_today)
    assert (today.css, today.mark, today.is_makeup) == ("n t m", "17", True)
    assert [cell.css for cell in cells[-3:]] == ["f", "f", "d"]
    assert (cells[-1].mark, cells[-1].extra) == ("20", "期限")


def test_without_today_every_day_counts_as_counted():
    assert not any(cell.css == "f" for cell in days(why.weeks(samples.derivation(), today=None)))


def test_a_month_begins_with_its_name():
    labels = [cell.label for cell in days(why.weeks(samples.derivation(), today=None))]
    assert "2月1日" in labels
    assert "31日" in labels
    with translation.override("en"):
        labels = [cell.label for cell in days(why.weeks(samples.derivation(), today=None))]
    assert "1 Feb" in labels
    assert "31" in labels


def test_the_sentences_name_what_was_skipped_and_made_up():
    steps = why.steps(samples.derivation())
    assert [step["strong"] for step in steps] == [
        "1月9日（周四）送达，当日不计入",
        "1月10日（周五）为第 1 日",
        "跳过 14 天",
        "计入 2 个调休上班日",
        "满 20 个工作日：2025年2月12日（周三）",
    ]
    assert "春节 1月28日至2月4日，8 天" in steps[2]["text"]
    assert "周末 1月11日、1月12日" in steps[2]["text"]
    assert steps[3]["text"] == "1月26日（周日）、2月8日（周六）"
    assert why.summary(samples.derivation()) == (
        "送达次日起 20 个工作日，跳过 14 天，计入 2 个调休上班日"
    )


def in_calendar_days(**changes: object) -> dict:
    """Fifteen days from Friday 10 January 2025, of which the last is a Saturday."""
    weekend = [
        {"date": "2025-01-25", "why": "weekend", "name": "周末", "name_en": "weekend"},
    ]
    return samples.derivation() | {
        "trigger": "2025-01-10",
        "first_day": "2025-01-11",
        "length": 15,
        "unit": "calendar_day",
        "skipped": [],
        "made_up": [],
        "last_day": "2025-01-25",
        "rolled": weekend,
        "due": "2025-01-26",
        **changes,
    }


def test_calendar_days_know_no_weekend_and_mark_the_rolled_last_day():
    cells = days(why.weeks(in_calendar_days(), today=None))
    assert not any(cell.css == "w" for cell in cells)
    assert [cell.mark for cell in cells[1:4]] == ["1", "2", "3"]
    assert (cells[-2].css, cells[-2].mark) == ("h", "顺延")
    assert (cells[-1].css, cells[-1].mark, cells[-1].extra) == ("d", "", "期限")
    assert "顺延" in why.summary(in_calendar_days())
    assert why.steps(in_calendar_days())[-1]["text"].startswith("最后一日不是工作日（1月25日）")


def test_days_of_a_suspension_are_not_numbered():
    suspended = [
        {"date": f"2025-01-{day}", "why": "suspended", "name": "中止", "name_en": "suspended"}
        for day in (13, 14)
    ]
    cells = days(why.weeks(in_calendar_days(skipped=suspended, rolled=[]), today=None))
    assert [(cell.css, cell.mark) for cell in cells[2:6]] == [
        ("n", "2"),
        ("h", "中止"),
        ("h", "中止"),
        ("n", "3"),
    ]


def test_over_ten_weeks_only_the_list_is_shown():
    long = in_calendar_days(length=90, due="2025-04-10", last_day="2025-04-10", rolled=[])
    assert why.weeks(long, today=None) == []
    assert why.steps(long)[-1]["strong"] == "满 90 日：2025年4月10日（周四）"


def test_a_term_in_months_is_not_numbered():
    month = in_calendar_days(length=1, unit="month", due="2025-02-10", rolled=[])
    assert {cell.mark for cell in days(why.weeks(month, today=None))} == {"送达", ""}
    assert why.length(month) == "1 个月"
    assert why.length(month | {"unit": "year"}) == "1 年"


def test_a_named_date_is_told_by_its_sentence_and_its_warning():
    named = samples.page()["derivation_named"]
    assert why.weeks(named, today=None) == []
    assert why.steps(named) == [
        {"strong": "期限：2025年2月12日（周三）", "text": named["sentence_zh"]}
    ]
    assert why.warnings(named) == ["送达后只剩2个工作日。"]
    with translation.override("en"):
        assert why.steps(named)[0]["text"] == named["sentence_en"]
        assert why.warnings(named) == ["Only 2 working days left after service."]


def test_hours_and_counting_back_have_no_calendar():
    hours = samples.derivation() | {"unit": "hour", "length": 24}
    assert why.weeks(hours, today=None) == []
    assert why.summary(hours) == "送达起 24 小时"
    back = samples.derivation() | {"kind": "counted_back", "length": 7}
    assert why.weeks(back, today=None) == []
    assert "7 个工作日" in why.summary(back)


def test_the_component_draws_the_table_and_the_calendars():
    html = Template('{% include "components/why.html" %}').render(
        Context({"derivation": samples.derivation(), "today": date(2025, 2, 8)})
    )
    assert '<td class="n t m">8日<i>班</i><span class="zg-cal__t">今天</span><b>17</b></td>' in html
    assert '<td class="d">12日<b>20 <span>期限</span></b></td>' in html
    assert "2025年日历" in html
    assert '<details class="zg-why">' in html
