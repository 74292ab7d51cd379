"""Brings a database up to date, inside Django: `python -m launch.prepare [--demo]`.

One process for all steps, because starting Django takes longer than most of them. Every step may
run again: the container set-up calls the same module.
"""

import argparse
import os
from pathlib import Path

import django
from django.core.management import call_command

from launch.translations import compile_all


def main() -> None:
    """Translations, migrations, regions, law, fonts, demonstration, its certificates."""
    parser = argparse.ArgumentParser(prog="python -m launch.prepare")
    parser.add_argument("--demo", action="store_true", help="load the demonstration as well")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    compile_all(Path(__file__).resolve().parent.parent / "locale")
    django.setup()
    print("Preparing the database", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    for step in ("load_regions", "load_law", "prepare_fonts"):
        call_command(step, verbosity=0)
    if arguments.demo:
        print("Loading the demonstration", flush=True)
        call_command("load_demo")
    # Also for a demonstration that was loaded before papers were signed.
    call_command("make_demo_authority")


if __name__ == "__main__":
    main()
