"""The record of acts, and the only place where a state is written.

A verb does its work and calls `record`, or `move` when a state changes, once, inside its
transaction. If the record cannot be written the act does not happen either.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit import context
from audit.models import Event, EventQuerySet
from vault import masks
from vault.fields import SealedTextField

# --- Refusals --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """Why an act cannot be done now.

    `basis` is the article behind it ("APL@2021:42(1)"); `house` marks a rule of the house that
    no law demands; `url` and `url_text` lead to what mends it; `field` names the form field.
    """

    text: str
    basis: str = ""
    house: bool = False
    url: str = ""
    url_text: str = ""
    field: str = ""

    def __str__(self) -> str:
        return str(self.text)


class Refused(Exception):
    """A verb was refused; `reasons` is the list that `can_<verb>` gives, never empty."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = list(reasons)
        super().__init__("\n".join(str(reason) for reason in self.reasons))


class Decided(Refused):
    """Somebody else was first. `event` is what they did, as far as the record knows."""

    def __init__(self, reasons: Iterable[Reason], event: Event | None = None) -> None:
        super().__init__(reasons)
        self.event = event


# --- Words -----------------------------------------------------------------------------------

_words: dict[str, str | Promise] = {}


def words(entries: Mapping[str, str | Promise]) -> None:
    """Register the word for each verb code: `trail.words({"orders.issue": _("签发")})`."""
    _words.update(entries)


_tones: dict[str, str] = {}


def tones(entries: Mapping[str, str]) -> None:
    """Register how a verb stands in a timeline: "key" (moves a deadline), "ok" or "bad"."""
    _tones.update(entries)


def word(verb: str) -> str:
    """The verb in the reader's language; the code itself when nobody registered a word."""
    return str(_words.get(verb, verb))


def known_words() -> dict[str, str]:
    """All registered verbs with their words, for filters."""
    return {verb: str(text) for verb, text in _words.items()}


def describe(event: Event) -> str:
    """The event as a sentence: "韦志强 签发 整改通知书 南公（网安）责通字〔2025〕12号"."""
    own = event.subject_type == User._meta.label_lower and event.subject_id == str(event.actor_id)
    if own or not event.subject_label:
        return _("%(who)s %(did)s") % {"who": event.actor_name, "did": word(event.verb)}
    return _("%(who)s %(did)s %(what)s") % {
        "who": event.actor_name,
        "did": word(event.verb),
        "what": event.subject_label,
    }


# --- Recording -------------------------------------------------------------------------------

SYSTEM = "系统"  # the actor's name when no person acts; kept as data, hence not translated


def _plain(value: Any) -> Any:
    """JSON-ready, and free of identity and mobile numbers that somebody typed into a reason."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return str(value)  # a float would not come back from the database byte for byte
    if isinstance(value, (str, Promise)):
        return masks.scrub(str(value).replace("\x00", ""))
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_default_timezone()).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, models.Model):
        return _plain(str(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [_plain(each) for each in items]
    raise TypeError(f"{type(value).__name__} has no place in the record")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Columns(Protocol):
    """An event, or a bare row with the same columns."""

    actor_id: Any
    actor_name: str
    data: Any
    entered_at: datetime
    happened_at: datetime
    ip: str | None
    reason: str
    request_id: str
    subject_type: str
    subject_id: str
    subject_label: str
    unit_id: int | None
    verb: str


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(event: Columns) -> str:
    """The text that is hashed: every column of the event as JSON, keys sorted."""
    return _encode(
        {
            "actor": str(event.actor_id) if event.actor_id else None,
            "actor_name": event.actor_name,
            "data": event.data,
            "entered_at": _stamp(event.entered_at),
            "happened_at": _stamp(event.happened_at),
            "ip": event.ip,
            "reason": event.reason,
            "request_id": event.request_id,
            "subject": [event.subject_type, event.subject_id, event.subject_label],
            "unit": event.unit_id,
            "verb": event.verb,
        }
    )


def _unit_of(subject: models.Model | None, by: User | None) -> int | None:
    if isinstance(subject, Unit):
        return subject.pk
    own = getattr(subject, "unit_id", None)
    if own is not None:
        return own
    return by.unit_id if by is not None else None


def record(
    verb: str,
    subject: models.Model | None,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    unit: Unit | None = None,
    actor_name: str = "",
) -> Event:
    """Write one line: `by` (None: the portal itself) did `verb` to `subject` at `at`.

    `at` is when it happened; when it was entered is stamped here. The unit is the subject's own,
    else the person's. Texts are scrubbed of identity and mobile numbers. Call it inside the
    transaction of the act. `actor_name` names an actor who is nobody of ours (by=None).
    """
    if timezone.is_naive(at):
        raise ValueError("The record needs an aware datetime.")
    source = context.current()
    event = Event(
        happened_at=at,
        entered_at=timezone.now(),
        actor=by,
        actor_name=by.name if by is not None else actor_name or SYSTEM,
        unit_id=unit.pk if unit is not None else _unit_of(subject, by),
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=_plain(str(subject))[:300] if subject is not None else "",
        reason=_plain(reason),
        data=_plain(data or {}),
        ip=source.ip,
        request_id=source.request_id,
    )
    event.payload = canonical(event)
    event.save(force_insert=True)
    return event


def timeline(subject: models.Model, also: Iterable[models.Model] = ()) -> EventQuerySet:
    """Events of the subject and of the rows in `also`, newest first, in one query."""
    return Event.objects.about(subject, *also)


def story(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The events as `components/timeline.html` wants them: sentence, reason, when entered.

    The time of entry is told only where it was another day than that of the act.
    """
    told = []
    for event in events:
        happened, entered = (
            timezone.localtime(event.happened_at),
            timezone.localtime(event.entered_at),
        )
        told.append(
            {
                "at": happened,
                "title": describe(event),
                "text": event.reason,
                "tone": _tones.get(event.verb, ""),
                "entered": entered if entered.date() != happened.date() else None,
            }
        )
    return told


# --- Moving ----------------------------------------------------------------------------------


def _columns(obj: models.Model, sets: Mapping[str, Any]) -> dict[str, Any]:
    sealed = {each.name: each for each in obj._meta.fields if isinstance(each, SealedTextField)}
    columns = {}
    for name, value in sets.items():
        column = sealed.get(name)
        plain = column is not None and isinstance(value, str)
        columns[name] = column.seal_for(obj.pk, value) if column and plain else value
    return columns


def state_word(obj: models.Model, state: str) -> str:
    """The state in the reader's words, from the field's choices."""
    field: Any = obj._meta.get_field("state")
    choices = dict(field.flatchoices)
    return str(choices.get(state, state))


def _decided(obj: models.Model) -> Decided:
    """Tell who did what when, from the record."""
    event = timeline(obj).order_by("-id").first()
    if event is None:
        text = _("“%(what)s”刚才已被别人改动，请看过现在的情况再办。") % {"what": obj}
    else:
        at = timezone.localtime(event.entered_at)
        text = _("%(who)s 已于 %(when)s %(did)s。请看过现在的情况再办。") % {
            "who": event.actor_name,
            "when": f"{at:%Y-%m-%d %H:%M}",
            "did": word(event.verb),
        }
    return Decided([Reason(text)], event)


def move(
    obj: models.Model,
    to: str,
    *,
    by: User | None,
    at: datetime,
    verb: str,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    **sets: Any,
) -> Event:
    """Move `obj` to the state `to` and write the record; sets the other columns in `sets` too.

    The write is a compare-and-set on (pk, state, version) as they stand on `obj`: a form that
    was opened before another person decided brings the old version and loses. Raises Decided,
    which tells who did what when, for the loser, and Refused when MOVES has no such step. `obj`
    is fresh from the database afterwards.
    """
    state, version = obj.state, obj.version  # type: ignore[attr-defined]
    with transaction.atomic():
        if to not in obj.MOVES.get(state, set()):  # type: ignore[attr-defined]
            raise Refused(
                [
                    Reason(
                        _("现在的状态是“%(state)s”，不能办理“%(act)s”。")
                        % {"state": state_word(obj, state), "act": word(verb)}
                    )
                ]
            )
        done = (
            type(obj)
            ._base_manager.filter(pk=obj.pk, state=state, version=version)
            .update(state=to, version=version + 1, **_columns(obj, sets))
        )
        if not done:
            raise _decided(obj)
        obj.refresh_from_db()
        return record(
            verb,
            obj,
            by=by,
            at=at,
            reason=reason,
            data={"from": state, "to": to, **(data or {})},
        )
