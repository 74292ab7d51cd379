"""Take the full text of statutes into the register, and propose what became of which article."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from legal import concordance, differences, importing
from legal.importing import Plan, Text, Unrecognised
from legal.models import LawVersion
from legal.statute_files import from_path
from legal.statutes import BadStatute

SHOWN = 12


class Command(BaseCommand):
    """`manage.py import_law FILE…`: shows what it would change, then asks; safe to run again."""

    help = (
        "Import the full text of statutes from Markdown, plain text or .docx files. Each file is "
        "one statute, or all of them together with --join. Refuses what does not count up."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        # --version is the version of the law here, not that of Django.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--law", default="", help="code of the law, such as CSL")
        parser.add_argument("--version", default="", dest="text", help="its version, such as 2025")
        parser.add_argument("--join", action="store_true", help="the files are one statute")
        parser.add_argument("--dry-run", action="store_true", help="show, and write nothing")
        parser.add_argument("--yes", action="store_true", help="write without asking")
        parser.add_argument(
            "--no-input", action="store_false", dest="interactive", help="ask nothing at all"
        )
        parser.add_argument(
            "--concordance",
            nargs=2,
            metavar=("OLD", "NEW"),
            help="only compare two imported texts, such as CSL@2016 CSL@2025",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["concordance"]:
            self._compare(*options["concordance"])
            return
        if not options["files"]:
            raise CommandError("Name at least one file.")
        chosen = self._choose(options)
        plans = [self._planned(text, version) for text, version in chosen]
        for each in plans:
            self._show(each)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
        elif all(each.is_quiet for each in plans):
            self.stdout.write("Nothing to change.")
        elif self._agreed(options):
            self._write(chosen)
        else:
            self.stdout.write("Nothing was written.")

    # --- What to import ------------------------------------------------------------------------

    def _choose(self, options: dict[str, Any]) -> list[tuple[Text, LawVersion]]:
        """Every text with the version that it is; all of them, before anything is written."""
        groups = [options["files"]] if options["join"] else [[file] for file in options["files"]]
        chosen: list[tuple[Text, LawVersion]] = []
        for group in groups:
            names = ", ".join(file.name for file in group)
            try:
                text = importing.text_of([from_path(file) for file in group])
                version = self._recognised(text, options)
            except BadStatute as error:
                raise CommandError(f"{names}: {error}") from error
            if version in [taken for _text, taken in chosen]:
                raise CommandError(
                    f"{names}: another of the files is {version.ref} too. "
                    "Use --join when they are parts of one text."
                )
            chosen.append((text, version))
        return chosen

    def _recognised(self, text: Text, options: dict[str, Any]) -> LawVersion:
        try:
            return importing.recognise(text, law=options["law"], version=options["text"])
        except Unrecognised as error:
            if not (options["interactive"] and sys.stdin.isatty()):
                listed = "\n".join(f"  {_named(each)}" for each in error.candidates)
                raise CommandError(
                    f"{text.source}: {error}\nSay which with --law and --version:\n{listed}"
                ) from error
            return self._ask(str(error), error.candidates)

    def _ask(self, problem: str, candidates: list[LawVersion]) -> LawVersion:
        self.stdout.write(problem)
        for n, each in enumerate(candidates, start=1):
            self.stdout.write(f"{n:3}  {_named(each)}")
        answer = input("Which is it? Number, or nothing to stop: ").strip()
        if not answer.isdecimal() or not 1 <= int(answer) <= len(candidates):
            raise CommandError("Stopped; nothing was written.")
        return candidates[int(answer) - 1]

    def _planned(self, text: Text, version: LawVersion) -> Plan:
        try:
            return importing.plan(text, version)
        except BadStatute as error:
            raise CommandError(f"{text.source}: {error}") from error

    # --- What it would change ------------------------------------------------------------------

    def _show(self, plan: Plan) -> None:
        self.stdout.write(f"{plan.text.source}: {_named(plan.version)}")
        self.stdout.write(
            f"  {len(plan.text.statute.articles)} articles: {len(plan.new)} new, "
            f"{len(plan.changed)} changed, {len(plan.gone)} gone, {plan.same} as they are"
        )
        for provision, article in plan.changed[:SHOWN]:
            self.stdout.write(f"  changed  {article.label}  {_short(provision.text, article.text)}")
        for each in plan.gone[:SHOWN]:
            self.stdout.write(f"  gone     {each.label_zh}")
        for rest in (len(plan.changed) - SHOWN, len(plan.gone) - SHOWN):
            if rest > 0:
                self.stdout.write(f"  … and {rest} more")
        for row in plan.lost:
            self.stdout.write(
                self.style.WARNING(
                    f"  gist     {row.ref} stands in the register, but the text has no "
                    f"{importing.place_of(row)}"
                )
            )
        if plan.text.statute.left_out:
            first, lines = plan.text.statute.left_out[0], len(plan.text.statute.left_out)
            self.stdout.write(
                f"  left out {lines} lines after the last article, from: {first[:40]}"
            )

    # --- Writing -------------------------------------------------------------------------------

    def _agreed(self, options: dict[str, Any]) -> bool:
        if options["yes"] or not options["interactive"]:
            return True
        if not sys.stdin.isatty():
            raise CommandError("Nobody to ask here; say --yes to write, or --dry-run to look.")
        return input("Import? [y/N] ").strip().lower() in ("y", "yes")

    def _write(self, chosen: list[tuple[Text, LawVersion]]) -> None:
        now = timezone.now()
        with transaction.atomic():
            for text, version in chosen:
                try:
                    done = importing.bring_in(text, version, by=None, at=now)
                except BadStatute as error:
                    raise CommandError(f"{text.source}: {error}") from error
                self.stdout.write(
                    f"{version.ref}: {len(done.new)} articles added, {len(done.changed)} changed, "
                    f"{len(done.gone)} removed."
                )
                for found in done.proposals:
                    self._report(found)

    def _compare(self, *refs: str) -> None:
        versions = [LawVersion.objects.filter(ref=ref).first() for ref in refs]
        for ref, version in zip(refs, versions, strict=True):
            if version is None:
                raise CommandError(f"{ref} is no version of the register, such as CSL@2016.")
            if not version.provisions.exists():
                raise CommandError(f"The full text of {ref} is not imported.")
        old, new = versions
        assert old is not None
        assert new is not None
        if old == new:
            raise CommandError("Name two different texts.")
        self._report(concordance.propose(old, new, at=timezone.now()))

    def _report(self, found: concordance.Proposals) -> None:
        if found.found:
            self.stdout.write(
                f"{found.old.ref} → {found.new.ref}: {found.found} pairs, {found.added} of them "
                f"proposed now, {found.known} known already, {found.contradicting} unlike what "
                "the register says. Confirm them in the back room."
            )


def _named(version: LawVersion) -> str:
    return f"{version.ref}  {version.law.name_zh}（{version.version}）"


def _short(old: str, new: str) -> str:
    """The first place where two texts differ, in a line."""
    for part in differences.between(old, new):
        if part.kind != "same":
            return f"-[{part.old[:30]}] +[{part.new[:30]}]".replace("\n", " ")
    return ""
