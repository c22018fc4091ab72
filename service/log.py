"""What the service tells its operator: a JSON object a line on standard error, each with the request that it is about.

No text of a query is written unless the operator asks for it (`Settings.log`).
"""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from itertools import count

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request at hand; empty for the service itself."""
LEVELS = ("events", "requests", "queries")
LOG = logging.getLogger("ducha.service")
_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_PROCESS = secrets.token_hex(4)
_NUMBERS = count(1)


def request_id(given: str | None) -> str:
    """The id that a proxy gave by X-Request-ID, where it is one, else a new one."""
    return given if given and _GIVEN.fullmatch(given) else f"{_PROCESS}-{next(_NUMBERS)}"


def event(name: str, fields: Mapping[str, object], level: int = logging.INFO) -> None:
    """Writes what happened, with its particulars."""
    LOG.log(level, name, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """`time` (UTC), `level`, `event`, `request`, the particulars of the event, `error` with the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if request := REQUEST.get():
            line["request"] = request
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def write_to_stderr() -> None:
    """Sends what the service and its HTTP server log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    LOG.setLevel(logging.INFO)
