"""The commands behind `./run`."""

import argparse
import sys

from launch import checks, portal
from launch.places import CannotStart

USAGE = """\
./run [--port N] [--no-demo] [--reset-demo]   start the portal
./run test [pytest arguments]                 run the tests on a private cluster
./run check                                   format, lint, types, templates, imports, deploy
./run manage COMMAND …                        any Django command, starting the database if need be
./run bench [names]                           measure; prints a table and JSON
"""


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


def _start(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./run", usage=USAGE, description="The portal: database, web, worker and beat."
    )
    parser.add_argument(
        "--port", type=_port, default=portal.FIRST_PORT, help="first port to try (8000)"
    )
    parser.add_argument("--no-demo", action="store_true", help="start with an empty portal")
    parser.add_argument(
        "--reset-demo",
        action="store_true",
        help="throw away the private database and its files, then load the demonstration anew",
    )
    options = parser.parse_args(arguments)
    return portal.run(port=options.port, no_demo=options.no_demo, reset_demo=options.reset_demo)


COMMANDS = {
    "test": checks.test,
    "check": checks.check,
    "manage": checks.manage,
    "bench": checks.bench,
}


def main() -> int:
    """Runs one command and returns its exit code."""
    command, *rest = sys.argv[1:] or [""]
    try:
        if command in COMMANDS:
            return COMMANDS[command](rest)
        return _start(sys.argv[1:])
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
