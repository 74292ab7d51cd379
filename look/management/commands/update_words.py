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
        kept = {words.entry_key(entry): entry for entry in words.catalogue()}
        new = polib.POFile(wrapwidth=100)
        new.metadata = {
            "Language": "en",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        places: dict[tuple[str, str], set[str]] = {}
        plurals: dict[tuple[str, str], str] = {}
        for message in words.messages():
            places.setdefault(message.key, set()).add(message.where)
            plurals[message.key] = plurals.get(message.key) or message.plural
        for key in sorted(places, key=lambda k: (min(places[k]), k)):
            context, text = key
            entry = kept.get(key) or polib.POEntry(msgid=text, msgctxt=context or None)
            entry.occurrences = [(where, "") for where in sorted(places[key])]
            entry.msgid_plural = plurals[key]
            if plurals[key]:
                entry.msgstr = ""
                entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
            else:
                entry.msgstr_plural = {}
            entry.flags = ["python-format"] if "%(" in text else []
            new.append(entry)
        new.save(str(path))
