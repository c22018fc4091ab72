"""The process that reads one document: bytes on standard input, its name as argument, JSON on standard output.

Its arguments are the name, and how many seconds and bytes of memory it may take; what passes them ends it alone.
"""

import json
import logging
import sys
from pathlib import Path

from pipeline.errors import DocumentError
from pipeline.formats import read
from pipeline.formats.plain import SAVE_AS_TEXT

DISK = 2**30  # bytes of one file it writes
_LOST = {ord("\0"): None, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}  # what no store can hold


def main(name: str, seconds: int, memory: int) -> int:
    """Reads the document and writes `{"text", "encoding"}`, or `{"problem", "remedy"}`."""
    _limit(seconds, memory)
    logging.disable(logging.CRITICAL)
    path = Path(name)
    try:
        text, encoding = read(sys.stdin.buffer.read(), path)
        answer = {"text": text.translate(_LOST), "encoding": encoding}
    except DocumentError as error:
        answer = {"problem": error.problem, "remedy": error.remedy}
    except MemoryError:
        answer = {"problem": "needs too much memory to be read", "remedy": SAVE_AS_TEXT}
    except Exception as error:  # a fault of ours or of a library: one file's, not the build's
        answer = {"problem": f"cannot be read ({type(error).__name__})", "remedy": SAVE_AS_TEXT}
    sys.stdout.write(json.dumps(answer))
    return 0


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the time limit alone holds
        import signal  # noqa: PLC0415
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)  # ends it also when nobody waits for it any more


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
