"""Several processes that work side by side, in the parent's hand: for reading documents and for mutating their graphs."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing.connection import wait
from typing import Any, TypeVar

K = TypeVar("K")
T = TypeVar("T")


def pool(workers: int, start: Callable[..., None], *given: Any) -> ProcessPoolExecutor:
    """Processes that import afresh, the same on every system; each runs `start` once, which calls `obey_parent`."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), start, given)


def obey_parent() -> None:
    """Leaves Ctrl-C, which reaches every process, to the parent, and ends this worker with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this worker when its parent was killed; the queue it waits on would never tell."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)


def as_they_come(running: ProcessPoolExecutor, futures: Mapping[Future[T], K]) -> Iterator[tuple[K, T]]:
    """Each future's key and result, in no fixed order. When the reader is interrupted or one raises, the workers end
    where they stand: nobody waits for what they are at."""
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BaseException:
        running.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
