"""Whose inbox a reminder lies in, asked when somebody looks and never written down.

A person sits on up to four seats:

* officer: the owner of the deadline;
* officer in another's place: who may approve orders in the deadline's unit, while the owner has
  left (the account is closed, or belongs to a unit that no longer sees the deadline);
* supervisor: who may approve orders in the deadline's unit;
* upper: who may approve orders in the unit directly above.

Each seat reads its own stretch of an index, newest first, so that a page costs the same beside a
million deadlines. Nothing outside the person's scope is shown, and nothing to one who may not see
orders at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import CharField, IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts.models import Unit, User
from accounts.scope import scope_of
from deadlines.models import Audience, InboxMark, Reminder, Seen, Sweep

SEES, LEADS = "orders.view", "orders.approve"
#: What is older is no news: what is still overdue has been said again since.
NEWS = timedelta(days=30)
#: More than this many are not counted.
COUNTED = 99


@dataclass(frozen=True)
class Wanted:
    """What a person asks of the inbox. `after` is the key of the last row of the page before."""

    unread: bool = True
    kind: str = ""
    overdue: bool = False
    reports: bool = False
    after: tuple[datetime, UUID] | None = None


def page(user: User, wanted: Wanted, *, now: datetime, today: date, size: int) -> list[Reminder]:
    """Up to `size` reminders, newest first, with deadline, unit and sender: two queries."""
    where, params = _narrowed(wanted, today)
    if wanted.unread:
        news, more = _unread(user, now)
        where, params = f"{where} AND {news}", params | more
    seats = _seats(user, where, "ORDER BY r.entered_at DESC, r.id LIMIT %(size)s")
    if seats is None:
        return []
    sql, own = seats
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({sql}) r ORDER BY entered_at DESC, id LIMIT %(size)s",  # noqa: S608
            own | params | {"size": size},
        )
        keys = [key for (key,) in cursor.fetchall()]
    rows = Reminder.objects.select_related("deadline__unit", "by").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def unread_query(user: User, now: datetime) -> QuerySet[Any] | None:
    """One row (key, number of unread ones, at most COUNTED + 1), to be joined to other counts."""
    news, params = _unread(user, now)
    newest = "ORDER BY r.entered_at DESC, r.id LIMIT %(size)s"
    seats = _seats(user, news, newest, union="UNION ALL")
    if seats is None:
        return None
    sql, own = seats
    sql, values = _positional(sql, own | params | {"size": COUNTED + 1})
    # A reminder lies on two seats of one person at most: so many rows are enough, from whatever
    # seats come first.
    enough = 2 * (COUNTED + 1)
    number = RawSQL(  # noqa: S611 - our own text, all values are parameters
        f"(SELECT least(count(DISTINCT id), {COUNTED + 1}) "  # noqa: S608
        f"FROM (SELECT id FROM ({sql}) every LIMIT {enough}) r)",
        values,
        output_field=IntegerField(),
    )
    return (
        User.objects.filter(pk=user.pk)
        .order_by()
        .annotate(desk_key=Value("reminders", CharField()), desk_number=number)
        .values_list("desk_key", "desk_number")
    )


def unread(user: User, *, now: datetime) -> int:
    """How many unread reminders lie there, at most COUNTED + 1."""
    query = unread_query(user, now)
    return query.get()[1] if query is not None else 0


def digest(user: User, sweep: Sweep, *, size: int) -> tuple[list[Reminder], int]:
    """What that sweep said to the person and still holds: the first to fall due, and how many."""
    where = (
        "r.entered_at = %(swept)s AND r.by_id IS NULL AND EXISTS (SELECT 1 FROM "
        "deadlines_deadline d WHERE d.id = r.deadline_id AND d.state = 'running')"
    )
    seats = _seats(user, where, "")
    if seats is None:
        return [], 0
    sql, own = seats
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id, count(*) OVER () FROM ({sql}) r "  # noqa: S608
            "JOIN deadlines_reminder m ON m.id = r.id "
            "JOIN deadlines_deadline d ON d.id = m.deadline_id "
            "ORDER BY d.due_on, d.id LIMIT %(size)s",
            own | {"swept": sweep.at, "size": size},
        )
        found = cursor.fetchall()
    rows = Reminder.objects.select_related("deadline__unit").in_bulk([key for key, _n in found])
    return [rows[key] for key, _n in found], found[0][1] if found else 0


def not_put_aside(user: User, found: Sequence[Reminder]) -> set[UUID]:
    """Which of these the person has not put aside: two queries."""
    keys = [row.pk for row in found]
    seen = set(Seen.objects.filter(user=user, reminder__in=keys).values_list("reminder", flat=True))
    mark = InboxMark.objects.filter(user=user).values_list("seen_until", flat=True).first()
    return {
        row.pk for row in found if row.pk not in seen and (mark is None or row.entered_at > mark)
    }


# --- Putting aside --------------------------------------------------------------------------------


def see(user: User, reminder: Reminder, *, at: datetime) -> None:
    """Put one reminder aside; the earlier ones of its deadline go with it."""
    Seen.objects.get_or_create(reminder=reminder, user=user, defaults={"at": at})


@transaction.atomic
def see_all(user: User, *, at: datetime) -> None:
    """Put everything aside that has been said until now."""
    InboxMark.objects.update_or_create(user=user, defaults={"seen_until": at})


# --- Who ------------------------------------------------------------------------------------------


def leaders() -> dict[int, list[UUID]]:
    """Who may approve orders, by unit: those whom a reminder reaches as supervisors."""
    found: dict[int, list[UUID]] = defaultdict(list)
    people = User.objects.active().filter(
        unit__isnull=False, holdings__role__verbs__contains=[LEADS]
    )
    for key, unit in people.order_by("pk").values_list("pk", "unit").distinct():
        found[unit].append(key)
    return found


def people_for(said: Iterable[tuple[UUID, int, Sequence[str]]]) -> set[UUID]:
    """Everybody whom reminders address now, of (owner, unit, audience): four queries."""
    rows = list(said)
    leads = leaders()
    units = {
        key: (path, parent)
        for key, path, parent in Unit.objects.values_list("pk", "path", "parent")
    }
    owners = dict(
        User.objects.active()
        .filter(pk__in={owner for owner, _unit, _audience in rows})
        .values_list("pk", "unit__path")
    )
    found: set[UUID] = set()
    for owner, unit, audience in rows:
        path, parent = units[unit]
        if Audience.OFFICER in audience:
            at_work = owners.get(owner) and path.startswith(owners[owner])
            found.update([owner] if at_work else leads[unit])
        if Audience.SUPERVISOR in audience:
            found.update(leads[unit])
        if Audience.UPPER in audience and parent is not None:
            found.update(leads[parent])
    return found


# --- How ------------------------------------------------------------------------------------------

#: The owners of deadlines of the unit who are no longer there, found owner by owner on an index.
_LEFT = """
    WITH RECURSIVE owners(id) AS (
        (SELECT owner_id FROM deadlines_reminder WHERE unit_id = %(unit)s
         ORDER BY owner_id LIMIT 1)
        UNION ALL
        SELECT (SELECT m.owner_id FROM deadlines_reminder m
                WHERE m.unit_id = %(unit)s AND m.owner_id > owners.id
                ORDER BY m.owner_id LIMIT 1)
        FROM owners WHERE owners.id IS NOT NULL
    )
    SELECT o.id FROM owners
    JOIN accounts_user o ON o.id = owners.id
    LEFT JOIN accounts_unit ou ON ou.id = o.unit_id
    WHERE NOT (o.is_active AND coalesce(starts_with(%(path)s, ou.path), false))
"""
#: Written as in the conditions of the indexes, so that they serve.
_TO = "r.audience @> (ARRAY['{seat}'])::varchar(10)[]"


def _seats(
    user: User, where: str, order: str, *, union: str = "UNION"
) -> tuple[str, dict[str, Any]] | None:
    """SQL that gives (id, entered_at) of what lies on the person's seats, and its values.

    `where` and `order` apply to each seat by itself; `{seat}` in them is its name. None for one who
    has no seat.
    """
    path = scope_of(user)
    if path is None or not user.may(SEES):
        return None

    def lying(seat: str, whose: str, join: str = "") -> str:
        asked = f"{_TO} AND {where} {order}".replace("{seat}", seat)
        return (
            f"SELECT r.id, r.entered_at FROM deadlines_reminder r {join} "  # noqa: S608
            f"WHERE {whose} AND {asked}"
        )

    values: dict[str, Any] = {"path": path, "me": user.pk, "unit": user.unit_id}
    seen = "JOIN accounts_unit u ON u.id = r.unit_id AND starts_with(u.path, %(path)s)"
    owner = f"({lying('officer', 'r.owner_id = %(me)s', seen)})"
    if not user.may(LEADS):
        return owner, values
    absent = lying("officer", "r.owner_id = gone.id AND r.unit_id = %(unit)s")
    upper = lying("upper", "r.unit_id = below.id")
    parts = [
        owner,
        f"({lying('supervisor', 'r.unit_id = %(unit)s')})",
        f"(SELECT found.* FROM ({_LEFT}) gone CROSS JOIN LATERAL ({absent}) found)",  # noqa: S608
        "(SELECT found.* FROM accounts_unit below "  # noqa: S608
        f"CROSS JOIN LATERAL ({upper}) found WHERE below.parent_id = %(unit)s)",
    ]
    return f" {union} ".join(parts), values


def _unread(user: User, now: datetime) -> tuple[str, dict[str, Any]]:
    """News for a seat: of late, not put aside, still open, and not said again since."""
    return (
        """
        r.entered_at > greatest(%(news)s, coalesce(
            (SELECT seen_until FROM deadlines_inboxmark WHERE user_id = %(me)s), %(news)s))
        AND NOT EXISTS (
            SELECT 1 FROM deadlines_seen s WHERE s.reminder_id = r.id AND s.user_id = %(me)s)
        AND EXISTS (
            SELECT 1 FROM deadlines_deadline d
            WHERE d.id = r.deadline_id AND d.state IN ('running', 'suspended'))
        AND (r.by_id IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM deadlines_reminder n
            WHERE n.deadline_id = r.deadline_id AND n.by_id IS NULL
              AND n.fires_on > r.fires_on AND '{seat}' = ANY(n.audience)))
        """,
        {"news": now - NEWS},
    )


def _narrowed(wanted: Wanted, today: date) -> tuple[str, dict[str, Any]]:
    parts: list[str] = ["TRUE"]
    params: dict[str, Any] = {}
    if wanted.kind or wanted.overdue:
        about = "EXISTS (SELECT 1 FROM deadlines_deadline d WHERE d.id = r.deadline_id"
        if wanted.kind:
            about += " AND d.kind = %(kind)s"
            params["kind"] = wanted.kind
        if wanted.overdue:
            about += " AND d.state = 'running' AND NOT d.held AND d.due_on < %(today)s"
            params["today"] = today
        parts.append(f"{about})")
    if wanted.reports:
        parts.append("r.by_id IS NOT NULL")
    if wanted.after is not None:
        parts.append(
            "(r.entered_at < %(after)s OR r.entered_at = %(after)s AND r.id > %(after_id)s)"
        )
        params["after"], params["after_id"] = wanted.after
    return " AND ".join(parts), params


def _positional(sql: str, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The same SQL with its values in order, as an expression inside another query needs it."""
    found: list[Any] = []

    class Names(dict):
        def __getitem__(self, name: str) -> str:
            found.append(values[name])
            return "%s"

    return sql % Names(), found
