"""The rules by which citations are looked at, one function each.

`notes` puts the facts together (`Matter`) and asks every rule. A rule answers with notes; none
changes anything, none asks the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Unit
from legal.citations import fines
from legal.citations.books import Register
from legal.citations.books import register as current_register
from legal.citations.note import BLOCK, INFO, WARN, Cited, Note
from legal.models import Article, PenaltyTier, Role, ViolationType

#: 行政处罚法 37, the law by the day of the act, else the lighter one; 29, one act is fined once.
LIGHTER, ONCE = "APL@2021:37", "APL@2021:29"
#: Order 176 of the Ministry takes the place of Order 151.
REPEALED = "MPS176@2026:23"

#: From the lowest level of the tree of units to the highest.
RANKS = (Unit.Level.COUNTY.value, Unit.Level.CITY.value, Unit.Level.PROVINCE.value)


@dataclass(frozen=True)
class Entry:
    """One citation with the register's own copy of the article."""

    role: str
    article: Article
    override: str


@dataclass(frozen=True)
class Matter:
    """What the rules look at: one finding, its citations and its days."""

    books: Register
    kind: str | None
    entries: tuple[Entry, ...]
    began: date
    ended: date
    visited_on: date | None = None
    decided_on: date | None = None
    authority: str | None = None

    @property
    def penalties(self) -> list[Entry]:
        return [each for each in self.entries if each.role == Role.PENALTY]

    @property
    def duties(self) -> list[Article]:
        return [each.article for each in self.entries if each.role == Role.DUTY]

    @property
    def deciding(self) -> str:
        """The level of rules of the decision: a remark at the finding, a warning when deciding."""
        return INFO if self.decided_on is None else WARN

    def rule(self, ref: str) -> tuple[Article, ...]:
        """The article on which a rule rests, if the register holds it."""
        article = self.books.by_ref.get(ref)
        return (article,) if article is not None else ()

    def judged_by(self, article: Article) -> date:
        """The day by whose law the article is judged: rules of procedure by that of the visit,
        all others by the end of the act."""
        if article.kind == Article.Kind.PROCEDURE and self.visited_on is not None:
            return self.visited_on
        return self.ended

    def meant(self, article: Article) -> list[Article]:
        """The clauses that a penalty citation means: of a whole article those paragraphs that
        sanction the duties cited beside it, or all where none does."""
        clauses = self.books.clauses(article)
        known = {each.pk for duty in self.duties for each in self.books.penalties_of(duty)}
        return [each for each in clauses if each.pk in known] or clauses


def notes(
    violation_type: ViolationType | str | None,
    cited: Sequence[Cited | tuple],
    act_from: date,
    act_to: date | None = None,
    *,
    visited_on: date | None = None,
    decided_on: date | None = None,
    authority: str | None = None,
    register: Register | None = None,
) -> list[Note]:
    """What is to be said about the articles cited for one finding; empty when all is well.

    `cited` are `Cited` or (role, article[, override]) with role "duty" or "penalty" and the
    article or its reference. The law is that of the day on which the act ended (`act_to`, else
    `act_from`): an act that runs on into a new text falls under the new one. Rules of procedure
    are judged by `visited_on`, the day of the visit. With `decided_on`, the day of a penalty
    decision, its rules are asked as well. `authority` is the level of the unit that cites
    ("province", "city", "county"); without it, competence by level is not looked at.

    Pure with a given register; without one, a single small query. Raises KeyError for an article
    that the register does not hold.
    """
    books = register or current_register()
    ended = max(act_from, act_to) if act_to else act_from
    code = violation_type.pk if isinstance(violation_type, ViolationType) else violation_type
    entries = [Cited(*each) for each in cited]
    matter = Matter(
        books=books,
        kind=code,
        entries=tuple(Entry(e.role, books.article(e.article), e.override) for e in entries),
        began=min(act_from, ended),
        ended=ended,
        visited_on=visited_on,
        decided_on=decided_on,
        authority=authority,
    )
    found: list[Note] = []
    for entry in matter.entries:
        in_force = _in_force(matter, entry)
        found += in_force or _fits(matter, entry)
    noted = {(note.role, note.article.pk) for note in found if note.article is not None}
    found += _pairs(matter, noted)
    for rule in _OF_PENALTIES:
        found += rule(matter)
    return found


# --- In force ----------------------------------------------------------------------------------


def _in_force(matter: Matter, entry: Entry) -> list[Note]:
    """The text by the day of the act (APL 37); an act that runs on, by the text of its end."""
    article, day = entry.article, matter.judged_by(entry.article)
    if article.in_force_on(day):
        return []
    offered = tuple(matter.books.counterparts(article, day))
    facts = {"on": day, "visit": day != matter.ended, "override": entry.override.strip()}
    if day == matter.ended and article.in_force_on(matter.began):
        since = min((each.version.effective_from for each in offered), default=None)
        facts |= {"began": matter.began, "since": since}
        return [Note(WARN, "two_regimes", article, entry.role, offered, facts, interpretation=True)]
    level = WARN if entry.override.strip() else BLOCK
    basis = matter.rule(REPEALED if day != matter.ended else LIGHTER)
    return [Note(level, "not_in_force", article, entry.role, offered, facts, basis)]


# --- Fitting -----------------------------------------------------------------------------------


def _fits(matter: Matter, entry: Entry) -> list[Note]:
    """Whether the article belongs to this kind of violation, as the whole of a part or a part."""
    if matter.kind is None:
        return []
    article, books = entry.article, matter.books
    bases = books.bases(matter.kind, entry.role, matter.ended)
    fits = [each for each in bases if article.covers(each) or each.covers(article)]
    facts = {"type": books.types.get(matter.kind)}
    if article.number is None:
        return [Note(WARN, "article_missing", article, entry.role, tuple(fits or bases), facts)]
    if fits or not bases:
        return []
    if any(article.pk == each.pk for base in bases for each in books.referred(base, matter.ended)):
        return []  # the clause to which the fitting one refers
    return [Note(WARN, "better_fit", article, entry.role, tuple(bases), facts)]


def _pairs(matter: Matter, noted: set[tuple[str, int]]) -> list[Note]:
    """Whether each penalty clause sanctions one of the duties cited beside it.

    Articles that have a note of their own are left alone: one thing is said once.
    """
    books, duties = matter.books, matter.duties
    known = [each for duty in duties for each in books.penalties_of(duty)]
    known += [each for clause in known for each in books.referred(clause, matter.ended)]
    if not known:
        return []
    found = []
    for entry in matter.penalties:
        penalty = entry.article
        if (entry.role, penalty.pk) in noted or penalty.number is None:
            continue
        if any(penalty.covers(each) or each.covers(penalty) for each in known):
            continue
        offered = tuple(dict.fromkeys(known))
        facts = {"duties": duties}
        found.append(
            Note(WARN, "not_a_pair", penalty, entry.role, offered, facts, basis=tuple(duties))
        )
    return found


# --- Of penalties ------------------------------------------------------------------------------


def _referrals(matter: Matter) -> list[Note]:
    """A clause without a penalty of its own: a decision needs the clause to which it refers."""
    cited = [each.article for each in matter.entries]
    found = []
    for entry in matter.penalties:
        if not matter.books.is_referral(entry.article):
            continue
        if not entry.article.in_force_on(matter.ended):
            continue  # that is said first
        targets = matter.books.referred(entry.article, matter.ended)
        if any(a.covers(t) or t.covers(a) for a in cited for t in targets):
            continue
        found.append(
            Note(
                matter.deciding,
                "referral",
                entry.article,
                entry.role,
                tuple(each for each in targets if not _kept_from(matter, each)),
                basis=(entry.article,),
            )
        )
    return found


def _competence(matter: Matter) -> list[Note]:
    """Penalties that the text keeps for another organ or a higher level (PIPL 66(2))."""
    found = []
    for entry in matter.penalties:
        clauses = matter.meant(entry.article)
        beyond = [each for each in clauses if _kept_from(matter, each)]
        if not beyond:
            continue
        free = [each for each in _of_same_article(matter, entry.article) if each not in beyond]
        free = [each for each in free if not _kept_from(matter, each)]
        whole = len(beyond) == len(clauses)
        words = matter.books.tiers(beyond[0])[0].authority
        facts = {
            "part": beyond[0],
            "level": _level_of(words),
            "unit": matter.authority,
            "whole": whole,
        }
        level = WARN if whole else INFO
        found.append(
            Note(
                level,
                "not_competent",
                entry.article,
                entry.role,
                tuple(free),
                facts,
                basis=(beyond[0],),
            )
        )
    return found


def _of_same_article(matter: Matter, article: Article) -> list[Article]:
    return [
        each
        for each in matter.books.by_id.values()
        if each.version_id == article.version_id
        and (each.number, each.suffix) == (article.number, article.suffix)
        and matter.books.tiers(each)
    ]


def _kept_from(matter: Matter, clause: Article) -> bool:
    """Whether all that the clause threatens is for somebody else to impose."""
    tiers = matter.books.tiers(clause)
    return bool(tiers) and all(_is_beyond(tier.authority, matter.authority) for tier in tiers)


def _is_beyond(authority: str, unit: str | None) -> bool:
    """Whether a unit of this level is below who may act; `authority` is the register's wording:
    省级以上履行个人信息保护职责的部门, 省级电信管理机构."""
    if not authority:
        return False
    level = _level_of(authority)
    if not level:
        return True
    return unit is not None and RANKS.index(unit) < RANKS.index(level)


def _level_of(authority: str) -> str:
    """The lowest level of the police that may act; "" where another organ is named."""
    if "电信" in authority:
        return ""
    return Unit.Level.PROVINCE.value if "省级" in authority else Unit.Level.CITY.value


def _two_laws(matter: Matter) -> list[Note]:
    """Fines of two laws for one act: one fine, by the clause with the higher one (APL 29)."""
    threats: list[tuple[Entry, list[PenaltyTier]]] = []
    for entry in matter.penalties:
        if not entry.article.in_force_on(matter.ended):
            continue
        tiers = [t for clause in matter.meant(entry.article) for t in matter.books.tiers(clause)]
        same_law = [e for e, _t in threats if _law(e.article) == _law(entry.article)]
        if fines.fined(tiers) and not same_law:
            threats.append((entry, tiers))
    if len(threats) < 2:
        return []
    tops = [fines.ceiling(tiers) for _entry, tiers in threats]
    best = max((top for top in tops if top is not None), default=None)
    highest = [entry.article for (entry, _t), top in zip(threats, tops, strict=True) if top == best]
    clear = None not in tops and len(highest) == 1
    first = threats[0][0]
    facts = {
        "threats": [(entry.article, tiers) for entry, tiers in threats],
        "highest": highest[0] if clear else None,
        "ceiling": best if clear else None,
    }
    return [
        Note(
            matter.deciding,
            "same_act_two_laws",
            first.article,
            first.role,
            (highest[0],) if clear else (),
            facts,
            matter.rule(ONCE),
        )
    ]


def _law(article: Article) -> str:
    return str(article.version.law_id)


def _lighter(matter: Matter) -> list[Note]:
    """The act before a new text, the decision after it: which of the two is lighter (APL 37)."""
    if matter.decided_on is None:
        return []
    basis = matter.rule(LIGHTER)
    if basis and not basis[0].in_force_on(matter.decided_on):
        return []
    found, told = [], set()
    for entry in matter.penalties:
        for old, new in _both_texts(matter, entry.article, matter.decided_on):
            if (old.pk, new.pk) in told:
                continue
            told.add((old.pk, new.pk))
            found.append(_weighed(matter, entry, old, new, basis))
    return found


def _both_texts(
    matter: Matter, article: Article, decided_on: date
) -> Iterator[tuple[Article, Article]]:
    """(clause on the day of the act, clause on the day of the decision), where they differ."""
    for clause in matter.meant(article) or [article]:
        if clause.in_force_on(matter.ended) and not clause.in_force_on(decided_on):
            for new in _same_law(matter, clause, decided_on):
                yield clause, new
        elif clause.in_force_on(decided_on) and not clause.in_force_on(matter.ended):
            for old in _same_law(matter, clause, matter.ended):
                yield old, clause


def _same_law(matter: Matter, clause: Article, day: date) -> list[Article]:
    """The counterparts in the same law: it is its own change that the rule speaks of. Of several
    those that sanction the duties cited."""
    found = matter.books.counterparts(clause, day)
    found = [each for each in found if _law(each) == _law(clause)]
    known = {each.pk for duty in matter.duties for each in matter.books.penalties_of(duty)}
    return [each for each in found if each.pk in known] or found


def _weighed(
    matter: Matter, entry: Entry, old: Article, new: Article, basis: tuple[Article, ...]
) -> Note:
    assert matter.decided_on is not None
    books = matter.books
    comparison = fines.compare(
        _threat(books, old, matter.ended), _threat(books, new, matter.decided_on)
    )
    cited_old = entry.article.in_force_on(matter.ended)
    lighter = comparison.lighter
    right = lighter in (fines.OLD, fines.SAME) if cited_old else lighter == fines.NEW
    facts = {
        "old": old,
        "new": new,
        "on": matter.ended,
        "decided": matter.decided_on,
        "comparison": comparison,
    }
    offered = () if right else ((new,) if cited_old else (old,))
    level = INFO if right else WARN
    return Note(level, "lighter_law", entry.article, entry.role, offered, facts, basis)


def _threat(books: Register, clause: Article, day: date) -> list[PenaltyTier]:
    """The tiers of a clause, or of those to which it refers."""
    clauses = [clause, *books.referred(clause, day)]
    return [tier for each in clauses for tier in books.tiers(each)]


def _persons(matter: Matter) -> list[Note]:
    """Clauses that fine nobody but those in charge (CSL 2016, 59(1)); asked at the decision."""
    if matter.decided_on is None:
        return []
    found = []
    for entry in matter.penalties:
        tiers = [t for clause in matter.meant(entry.article) for t in matter.books.tiers(clause)]
        reached = {tuple(tier.person_roles) for tier in tiers if tier.person_fine}
        if reached and all(len(roles) == 1 and "主管" in roles[0] for roles in reached):
            found.append(Note(INFO, "persons", entry.article, entry.role, basis=(entry.article,)))
    return found


Rule = Callable[[Matter], list[Note]]
_OF_PENALTIES: tuple[Rule, ...] = (_referrals, _competence, _two_laws, _lighter, _persons)
