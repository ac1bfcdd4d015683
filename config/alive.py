"""Does the web server of this host answer? `python config/alive.py`, for a container to ask.

Python's own library only, run by its path: it runs every few seconds.
"""

import http.client
import os
import sys


def is_alive(*, port: int, host: str) -> bool:
    """Whether `/healthz/live` on this machine answers 200 to who asks for `host`."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        asking.request("GET", "/healthz/live", headers={"Host": host})
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def main() -> int:
    """The exit code: 0 if it is alive; the port and the name are those of the settings."""
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    port = int(os.environ.get("PORT") or 8000)
    return 0 if is_alive(port=port, host="localhost" if name == "*" else name) else 1


if __name__ == "__main__":
    sys.exit(main())
