"""`./run manage update_words`: bring the English catalogue up to the words in the code."""

from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandParser

from look import words


class Command(BaseCommand):
    help = "Add new messages to locale/en, drop those no longer used, and list what lacks English."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if any")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self._update()
        missing = words.untranslated()
        for message in missing:
            self.stdout.write(f"{message.where}: {message.text}")
        self.stdout.write(f"{len(missing)} without English")
        if options["check"] and missing:
            raise SystemExit(1)

    def _update(self) -> None:
        path = words.catalogue_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        kept = {entry.msgid: entry for entry in old}
        new = polib.POFile(wrapwidth=100)
        new.metadata = {
            "Language": "en",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        places: dict[str, set[str]] = {}
        plurals: dict[str, str] = {}
        for message in words.messages():
            places.setdefault(message.text, set()).add(message.where)
            plurals[message.text] = plurals.get(message.text) or message.plural
        for text in sorted(places, key=lambda t: (min(places[t]), t)):
            entry = kept.get(text) or polib.POEntry(msgid=text)
            entry.occurrences = [(where, "") for where in sorted(places[text])]
            if plurals[text]:
                entry.msgid_plural = plurals[text]
                entry.msgstr = ""
                entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
            if "%(" in text:
                entry.flags = ["python-format"]
            new.append(entry)
        new.save(str(path))
