"""Asked by the containers themselves: exit code 0 while the process beside us is well.

`python -m launch.healthy` asks the web server's /health/, `… beat` the age of beat's schedule.
"""

import http.client
import os
import sys
import time
from pathlib import Path

# Beat writes its schedule every three minutes; twice that, and it hangs.
BEAT_SECONDS = 400


def web_is_well(port: int = 8000) -> bool:
    """Whether /health/ answers 200. The host name is one the portal accepts."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".*")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request("GET", "/health/", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def beat_is_well(folder: Path, now: float) -> bool:
    """Whether a schedule file in `folder` was written lately. `now` in seconds since 1970."""
    ages = [now - file.stat().st_mtime for file in folder.glob("beat-schedule*")]
    return bool(ages) and min(ages) < BEAT_SECONDS


if __name__ == "__main__":
    if sys.argv[1:] == ["beat"]:
        well = beat_is_well(Path(os.environ["ZHENGGAI_VAR"]) / "run", time.time())
    else:
        well = web_is_well()
    sys.exit(0 if well else 1)
