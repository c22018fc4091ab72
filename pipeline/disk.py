"""What publishing asks of the disk: that what is written is there, pointers that change in one step, no remains."""

import os
import shutil
from pathlib import Path


def set_pointer(out: Path, pointer: str, version: str) -> None:
    """Makes `current` or `previous` name a version, in one step."""
    new = out / f".{pointer}"
    new.write_text(f"{version}\n", encoding="ascii")
    synchronise(new)
    new.replace(out / pointer)
    synchronise(out)


def synchronise(path: Path) -> None:
    """Makes sure that a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(snapshots: Path) -> None:
    """Removes what builds left that ended before they were done; one that may still run is left alone."""
    snapshots.mkdir(parents=True, exist_ok=True)
    for path in snapshots.glob(".building-*"):
        pid = path.name.split("-")[1]
        if not pid.isdigit() or not _alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    # A leftover with our own number was left by an earlier process of that number, as in a restarted container.
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
