"""Work on long queries beside the event loop: one thread, so that everybody else waits for it a millisecond at most."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
SWITCH_SECONDS = 0.001
"""For sys.setswitchinterval: how long the thread keeps the interpreter once the event loop wants it."""
_LONG = 2048  # characters
_THREAD = ThreadPoolExecutor(1, "aside")


async def aside(text: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `work`, done in the thread where the text it works on is long."""
    if len(text) < _LONG:
        return work(*args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_THREAD, partial(work, *args, **kwargs))
