"""Bringing the project's own data files (legal/data) into the register.

Safe to run again: rows are found by their permanent names, changed where the files differ, left
alone where an administrator keeps them by hand, and never deleted. Besides the articles with rules
of their own there is one row for each whole article and each whole law, because notices cite those
too (第五十九条 for 59(1) and 59(2), or a law without any article).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction

from legal import calendars, concordance
from legal.models import (
    Article,
    Law,
    LawVersion,
    PaperForm,
    PenaltyTier,
    Role,
    Threshold,
    TimeLimit,
    ViolationBasis,
    ViolationType,
)
from legal.numerals import locator

IMPORTED = "import"  # what `Article.source` says of a row that came with a statute's full text
DATA = Path(__file__).resolve().parent / "data"
_PLACE = re.compile(
    r"(?P<number>\d+)(?:-(?P<suffix>\d+))?(?:\((?P<para>\d+)\))?(?:\[(?P<item>\d+)\])?"
)


class BrokenData(Exception):
    """The data files contradict themselves; nothing was written."""


@dataclass
class Report:
    """What a load did: names of rows added, changed (with the columns), kept by hand, unknown."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was written."""
        return not self.added and not self.changed


def parse(ref: str) -> tuple[str, str, dict[str, int | None]]:
    """CSL@2016:21(1)[4] → ("CSL", "2016", {"number": 21, "suffix": 0, "para": 1, "item": 4}).

    Raises BrokenData for what is no reference to a version or a place in one.
    """
    law, at, rest = ref.partition("@")
    version, colon, place = rest.partition(":")
    match = _PLACE.fullmatch(place)
    if not (law and at and version) or (colon and not match):
        raise BrokenData(f"{ref} is no reference to an article.")
    if match is None:
        return law, version, {"number": None, "suffix": 0, "para": None, "item": None}
    found = {name: int(text) if text else None for name, text in match.groupdict().items()}
    return law, version, {**found, "suffix": found["suffix"] or 0}


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@transaction.atomic
def load(*, overwrite: bool = False) -> Report:
    """Bring the register up to the data files and say what changed.

    `overwrite` also takes back rows that administrators keep by hand. Raises BrokenData when a
    reference does not resolve; then nothing was written.
    """
    return _Loader(overwrite).run()


class _Loader:
    def __init__(self, overwrite: bool) -> None:
        self.overwrite = overwrite
        self.report = Report()
        self.articles: dict[str, Article] = {}

    def run(self) -> Report:
        laws = _read("laws.json")
        versions = self._laws(laws)
        entries = self._entries(laws)
        self._articles(entries, versions)
        self._links(entries)
        self._tiers(entries)
        self._violation_types()
        self._time_limits()
        self._thresholds()
        self._paper_forms()
        self._calendars()
        known = {entry["ref"] for entry in entries}
        self.report.unknown = sorted(
            ref
            for ref, article in self.articles.items()
            if ref not in known and article.source != IMPORTED
        )
        return self.report

    # One row

    def _put(self, model: type[models.Model], key: Mapping[str, Any], **values: Any) -> Any:
        """Add the row, or change the columns that differ; both are reported."""
        name = f"{model._meta.model_name} {next(iter(key.values()))}"
        found = self._existing(model, key)
        if found is None:
            self.report.added.append(name)
            return model._default_manager.create(**key, **values)
        differing = [each for each, value in values.items() if getattr(found, each) != value]
        if not differing:
            self.report.same += 1
            return found
        if getattr(found, "by_hand", False) and not self.overwrite:
            self.report.kept.append(name)
            return found
        for each in differing:
            setattr(found, each, values[each])
        if getattr(found, "by_hand", False):
            found.by_hand = False
            differing.append("by_hand")
        found.save(update_fields=differing)
        self.report.changed[name] = differing
        return found

    def _existing(self, model: type[models.Model], key: Mapping[str, Any]) -> Any:
        if model is Article:
            return self.articles.get(key["ref"])
        return model._default_manager.filter(**key).first()

    def _set(self, owner: models.Model, relation: str, refs: Iterable[str]) -> None:
        """Make the articles of a relation those of the data, unless kept by hand."""
        wanted = {self._article(ref).pk for ref in refs}
        manager = getattr(owner, relation)
        if set(manager.values_list("pk", flat=True)) == wanted:
            return
        if getattr(owner, "by_hand", False) and not self.overwrite:
            return
        manager.set(wanted)
        self._note(owner, relation)

    def _note(self, row: models.Model, what: str) -> None:
        """Report a change beside the row itself, unless the row is new."""
        name = f"{row._meta.model_name} {getattr(row, 'ref', row.pk)}"
        if name not in self.report.added:
            self.report.changed.setdefault(name, []).append(what)

    def _article(self, ref: str) -> Article:
        try:
            return self.articles[ref]
        except KeyError:
            raise BrokenData(f"{ref} is cited in the data but has no row.") from None

    # Laws and articles

    def _laws(self, laws: list[dict[str, Any]]) -> dict[tuple[str, str], LawVersion]:
        versions = {}
        for position, entry in enumerate(laws):
            law = self._put(
                Law,
                {"code": entry["code"]},
                name_zh=entry["name_zh"],
                short_zh=entry["short_zh"],
                name_en=entry["name_en"],
                level=entry["level"],
                issuer=entry.get("issuer", ""),
                note=entry.get("note", ""),
                position=position,
            )
            for each in entry["versions"]:
                ref = f"{law.code}@{each['version']}"
                versions[law.code, each["version"]] = self._put(
                    LawVersion,
                    {"ref": ref},
                    law=law,
                    version=each["version"],
                    doc_no=each.get("doc_no", ""),
                    promulgated_on=_day(each.get("promulgated")),
                    effective_from=_day(each["effective_from"]),
                    effective_to=_day(each.get("effective_to")),
                    status=each["status"],
                    article_count=each.get("article_count"),
                    source=each.get("source", ""),
                    confidence=each.get("confidence", "high"),
                    note=each.get("note", ""),
                )
        self._refuse_overlaps(versions.values())
        self._replacements(laws, versions)
        return versions

    def _replacements(
        self, laws: list[dict[str, Any]], versions: Mapping[tuple[str, str], LawVersion]
    ) -> None:
        """Another law in the place of a text: Order 176 in that of Order 151."""
        for code, each in ((law["code"], each) for law in laws for each in law["versions"]):
            text = versions[code, each["version"]]
            ref = each.get("replaced_by")
            heir = versions[parse(ref)[:2]] if ref else None
            if text.replaced_by_id == (heir.pk if heir else None):
                continue
            if not text.by_hand or self.overwrite:
                text.replaced_by = heir
                text.save(update_fields=["replaced_by"])
                self._note(text, "replaced_by")

    def _refuse_overlaps(self, versions: Iterable[LawVersion]) -> None:
        last: dict[str, LawVersion] = {}
        for version in sorted(versions, key=lambda each: (each.law_id, each.effective_from)):
            before = last.get(version.law_id)
            if before is not None and (
                before.effective_to is None or before.effective_to >= version.effective_from
            ):
                raise BrokenData(f"{before.ref} and {version.ref} are in force on the same days.")
            last[version.law_id] = version

    def _entries(self, laws: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The articles of the files, and a row for each whole article and law that lacks one."""
        entries: dict[str, dict[str, Any]] = {}
        for entry in laws:
            file = f"articles/{entry['code']}.json"
            for article in _read(file) if (DATA / file).is_file() else []:
                if article["ref"] in entries:
                    raise BrokenData(f"{article['ref']} stands twice in the data.")
                entries[article["ref"]] = {**article, "whole": False}
            for version in entry["versions"]:
                ref = f"{entry['code']}@{version['version']}"
                entries[ref] = {"ref": ref, "kind": Article.Kind.GENERAL, "whole": True}
        for ref in list(entries):
            law, version, place = parse(ref)
            if place["number"] is None:
                continue
            whole = f"{law}@{version}:{locator(place['number'], place['suffix'] or 0)}"
            if whole not in entries:
                entries[whole] = {"ref": whole, "kind": entries[ref]["kind"], "whole": True}
        return list(entries.values())

    def _articles(
        self, entries: list[dict[str, Any]], versions: Mapping[tuple[str, str], LawVersion]
    ) -> None:
        self.articles = {each.ref: each for each in Article.objects.all()}
        fresh = []
        for entry in entries:
            law, version, place = parse(entry["ref"])
            if (law, version) not in versions:
                raise BrokenData(f"{entry['ref']} belongs to no known version.")
            values = {
                "version": versions[law, version],
                **place,
                "kind": entry["kind"],
                "whole": entry["whole"],
                "gist_zh": entry.get("gist_zh", ""),
                "gist_en": entry.get("gist_en", ""),
                "source": entry.get("source", ""),
                "confidence": entry.get("confidence", "high"),
                "note": entry.get("note", ""),
            }
            if entry["ref"] in self.articles:
                self._put(Article, {"ref": entry["ref"]}, **values)
            else:
                fresh.append(Article(ref=entry["ref"], **values))
        for article in Article.objects.bulk_create(fresh):
            self.articles[article.ref] = article
            self.report.added.append(f"article {article.ref}")

    def _links(self, entries: list[dict[str, Any]]) -> None:
        """The links between articles: read at once, and only the differences written."""
        confirmed = concordance.kept_links()
        for relation in ("sanctioned_by", "maps_to"):
            through = Article._meta.get_field(relation).remote_field.through  # type: ignore[union-attr]
            existing: dict[int, set[int]] = {}
            for source, target in through.objects.values_list("from_article_id", "to_article_id"):
                existing.setdefault(source, set()).add(target)
            fresh = []
            for entry in entries:
                article = self.articles[entry["ref"]]
                present = existing.get(article.pk, set())
                wanted = {self._article(ref).pk for ref in entry.get(relation, [])}
                if relation == "maps_to":
                    wanted |= confirmed.get(article.pk, set())
                if present == wanted or (article.by_hand and not self.overwrite):
                    continue
                self._note(article, relation)
                if present - wanted:
                    through.objects.filter(
                        from_article=article, to_article__in=present - wanted
                    ).delete()
                fresh += [
                    through(from_article_id=article.pk, to_article_id=pk)
                    for pk in sorted(wanted - present)
                ]
            through.objects.bulk_create(fresh)

    def _tiers(self, entries: list[dict[str, Any]]) -> None:
        existing: dict[int, dict[int, PenaltyTier]] = {}
        fresh: list[PenaltyTier] = []
        for tier in PenaltyTier.objects.all():
            existing.setdefault(tier.article_id, {})[tier.position] = tier
        for entry in entries:
            article = self.articles[entry["ref"]]
            wanted = list(_tier_rows(entry.get("penalty", {})))
            present = existing.get(article.pk, {})
            if article.by_hand and not self.overwrite:
                continue
            for position, values in enumerate(wanted):
                if position not in present:
                    fresh.append(PenaltyTier(article=article, position=position, **values))
                elif any(
                    getattr(present[position], name) != value for name, value in values.items()
                ):
                    PenaltyTier.objects.filter(pk=present[position].pk).update(**values)
                else:
                    continue
                self._note(article, "tiers")
            # Tiers are read from the article and cited by nothing, so surplus rungs may go.
            for position in sorted(set(present) - set(range(len(wanted)))):
                present[position].delete()
                self._note(article, "tiers")
        PenaltyTier.objects.bulk_create(fresh)

    # What rests on the articles

    def _violation_types(self) -> None:
        for position, entry in enumerate(_read("violation_types.json")):
            row = self._put(
                ViolationType,
                {"code": entry["code"]},
                zh=entry["zh"],
                en=entry["en"],
                family=entry["family"],
                phrases=entry.get("phrases", []),
                advice_zh=entry.get("advice_zh", ""),
                advice_en=entry.get("advice_en", ""),
                confidence=entry.get("confidence", "high"),
                position=position,
            )
            if not row.by_hand or self.overwrite:
                self._bases(row, entry)

    def _bases(self, row: ViolationType, entry: Mapping[str, Any]) -> None:
        wanted: dict[tuple[int, str], tuple[bool, int]] = {}
        for role in Role.values:
            for primary, refs in (
                (True, entry.get(role, [])),
                (False, entry.get(f"other_{role}", [])),
            ):
                for rank, ref in enumerate(refs):
                    wanted.setdefault((self._article(ref).pk, role), (primary, rank))
        present = {
            (basis.article_id, basis.role): (basis.primary, basis.rank) for basis in row.bases.all()
        }
        if present == wanted:
            return
        row.bases.all().delete()
        ViolationBasis.objects.bulk_create(
            ViolationBasis(
                violation_type=row, article_id=article, role=role, primary=primary, rank=rank
            )
            for (article, role), (primary, rank) in wanted.items()
        )
        self._note(row, "bases")

    def _time_limits(self) -> None:
        for position, entry in enumerate(_read("time_limits.json")):
            row = self._put(
                TimeLimit,
                {"code": entry["code"]},
                name_zh=entry["name_zh"],
                name_en=entry["name_en"],
                trigger_zh=entry["trigger_zh"],
                trigger_en=entry["trigger_en"],
                length=entry.get("length"),
                unit=entry["unit"],
                day_type=entry["day_type"],
                count_back=entry.get("count_back", False),
                responsible=entry["responsible"],
                at_expiry_zh=entry.get("at_expiry_zh", ""),
                at_expiry_en=entry.get("at_expiry_en", ""),
                note_zh=entry.get("note_zh", ""),
                note_en=entry.get("note_en", ""),
                effective_from=_day(entry.get("effective_from")),
                effective_to=_day(entry.get("effective_to")),
                position=position,
                external_basis=entry.get("external_basis", []),
                confidence=entry.get("confidence", "high"),
            )
            self._set(row, "bases", entry.get("law_refs", []))
            self._set(row, "overrides", entry.get("overrides", []))

    def _thresholds(self) -> None:
        for entry in _read("thresholds.json"):
            number = entry.get("number")
            row = self._put(
                Threshold,
                {"code": entry["code"]},
                name_zh=entry["name_zh"],
                op=entry["op"],
                number=Decimal(str(number)) if number is not None else None,
                kinds=entry.get("kinds", ""),
                note=entry.get("note", ""),
            )
            self._set(row, "bases", entry["bases"])

    def _paper_forms(self) -> None:
        for entry in _read("paper_forms.json"):
            row = self._put(
                PaperForm,
                {"code": entry["code"]},
                name_zh=entry["name_zh"],
                name_en=entry["name_en"],
                ministry_form=str(entry.get("mps_form_2024", "")),
                number_format=entry.get("number_format", ""),
                copies=str(entry.get("copies", "")),
                elements=entry["elements"],
                signature_and_seal=entry.get("signature_and_seal", ""),
                external_basis=entry.get("external_basis", []),
                confidence=entry.get("confidence", "high"),
                note=entry.get("notes", ""),
            )
            self._set(row, "bases", entry.get("basis", []))

    def _calendars(self) -> None:
        """Years that are not there yet; one that is may have been corrected since, and stays."""
        loaded = set(calendars.years())
        for file in sorted((DATA / "holidays").glob("*.json")):
            published = calendars.read(file.read_text(encoding="utf-8"))
            if published.year not in loaded:
                calendars.store(published)
                self.report.added.append(f"calendaryear {published.year}")


def _day(text: str | None) -> Any:
    return models.DateField().to_python(text) if text else None


def _tier_rows(penalty: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """The rungs of a clause; a clause that only refers to another law is one rung of its own."""
    authority = penalty.get("authority", "")
    if penalty.get("referral"):
        yield _tier({"tier": PenaltyTier.Tier.REFERRAL}, authority, penalty["referral"])
    for tier in penalty.get("tiers", []):
        yield _tier(tier, authority, [])


def _tier(tier: Mapping[str, Any], authority: str, referral: list[str]) -> dict[str, Any]:
    notes_zh = [tier[key] for key in ("unit_fine_note_zh", "note_zh") if key in tier]
    notes_en = [tier[key] for key in ("unit_fine_note_en", "note_en") if key in tier]
    return {
        "tier": tier["tier"],
        "condition_zh": tier.get("condition_zh", ""),
        "condition_en": tier.get("condition_en", ""),
        "measures": tier.get("measures", []),
        "other_measures": tier.get("other_measures", []),
        "other_mode": tier.get("other_mode", ""),
        "unit_fine": tier.get("unit_fine"),
        "unit_fine_alt": tier.get("unit_fine_alt"),
        "unit_fine_mode": tier.get("unit_fine_mode", ""),
        "person_fine": tier.get("person_fine"),
        "person_fine_mode": tier.get("person_fine_mode", ""),
        "person_roles": tier.get("person_roles", []),
        "authority": tier.get("authority", authority),
        "referral": referral,
        "note_zh": "；".join(notes_zh),
        "note_en": "; ".join(notes_en),
    }
