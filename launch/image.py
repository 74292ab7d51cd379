"""What the container image gets at build time: translations and collected static files."""

import os
import subprocess
import sys

from launch import environment
from launch.places import ROOT
from launch.translations import compile_all

if __name__ == "__main__":
    compile_all(ROOT / "locale")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=ROOT,
        # collectstatic needs complete settings but never connects.
        env=environment.like_production(os.environ, "postgres://build@/build"),
        check=True,
    )
