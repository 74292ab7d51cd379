"""Five faces and nothing else: fontconfig is told so before anything draws.

Without any font the libraries crash (no error, the process is gone), and with the host's fonts
two hosts print differently. So the files are compared with `fonts/SHA256SUMS`, and
FONTCONFIG_FILE names a file that knows their folder only. It is read once per process, before
the first drawing: the launcher sets it, and `configure` makes up for it where nobody did.
"""

import hashlib
import os
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

FONTS = Path(__file__).parent / "fonts"
_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


def conf_path() -> Path:
    return Path(settings.VAR_DIR) / "fonts" / "fonts.conf"


def write_conf() -> Path:
    """Write var/fonts/fonts.conf where it differs from what it should be. Safe to race."""
    path = conf_path()
    (path.parent / "cache").mkdir(parents=True, exist_ok=True)
    text = _CONF.format(fonts=escape(str(FONTS)), cache=escape(str(path.parent / "cache")))
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    return path


def configure() -> None:
    """Point this process at the faces. Before WeasyPrint is imported, or it has no effect."""
    os.environ["FONTCONFIG_FILE"] = str(write_conf())


def sums() -> dict[str, str]:
    """File name -> SHA-256 as committed."""
    lines = (FONTS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def faults() -> list[str]:
    """The files that are missing or altered; reads 24 MB."""
    found = []
    for name, digest in sums().items():
        path = FONTS / name
        if not path.is_file():
            found.append(f"{name}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(f"{name}: altered")
    return found
