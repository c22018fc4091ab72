"""Reads a document in a process of its own, so that one that hangs, crashes or devours memory costs itself alone."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from pipeline.errors import DocumentError
from pipeline.formats.plain import SAVE_AS_TEXT

MEMORY = 2 * 2**30  # bytes of address space; a page of text needs a tenth of that, also with LibreOffice
SECONDS = 120.0  # that one document may take; a plan of a hundred pages of tables takes about five


def read_apart(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a document and its encoding. Raises DocumentError, whatever the document does."""
    try:
        output = _output(data, path)
    except OSError as error:
        raise DocumentError(
            path, f"cannot be read now ({error.strerror})", "free memory or disk, and try again"
        ) from None
    try:
        answer = json.loads(output)
    except ValueError:
        raise DocumentError(path, "crashes the process that reads it", SAVE_AS_TEXT) from None
    if "problem" in answer:
        raise DocumentError(path, answer["problem"], answer["remedy"])
    return answer["text"], answer["encoding"]


def _output(data: bytes, path: Path) -> bytes:
    """What the process writes; in a folder of temporary files that goes with it."""
    with tempfile.TemporaryDirectory(prefix="ducha-read-", ignore_cleanup_errors=True) as folder:
        # The name alone goes along: a suffix tells the format, and no path of the user's is needed.
        arguments = ["-P", "-m", "pipeline.formats", f"document{path.suffix}", str(int(SECONDS) + 10), str(MEMORY)]
        child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, *arguments],
            env={**os.environ, "TMPDIR": folder, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that LibreOffice ends with it
        )
        try:
            output, _ = child.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            problem = f"takes longer than {SECONDS:.0f} s to read"
            raise DocumentError(path, problem, f"split it, or {SAVE_AS_TEXT}") from None
        finally:
            _end(child)
    return output


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the process, where it still runs, and whatever it started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    if child.poll() is None:
        child.kill()
        child.communicate()
