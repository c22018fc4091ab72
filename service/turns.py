"""A fair queue: clients take turns, so that one client's thousand questions wait for each other, not others for them."""

import asyncio
from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar

from pipeline.errors import Wording
from service.problems import BusyError

T = TypeVar("T")


class Turns(Generic[T]):
    """Things to lend, and the clients that wait for one.

    A thing that comes back goes to the client whose last turn is longest ago. Nobody who holds one gets the last idle
    one: it is kept for whoever holds none. What one client asked first it gets first.
    """

    def __init__(self, waiting: int, client_waiting: int) -> None:
        self._limits = (waiting, client_waiting)
        self._idle: list[T] = []
        self._queues: OrderedDict[str, deque[asyncio.Future[T]]] = OrderedDict()
        self._holding: Counter[str] = Counter()

    @property
    def idle(self) -> tuple[T, ...]:
        return tuple(self._idle)

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    def take_idle(self, client: str) -> T | None:
        """A thing where one is idle and it is this client's turn, which it then has; else None."""
        if self._queues or not self._may_have(client):
            return None
        self._holding[client] += 1
        return self._idle.pop()

    def line_up(self, client: str) -> asyncio.Future[T]:
        """A place in the queue: the thing, as soon as it is this client's turn; to be given up by `leave` then, and by
        `give_up` before. Raises BusyError when too many wait."""
        waiting, client_waiting = self._limits
        queue = self._queues.get(client, ())
        if len(queue) >= client_waiting:
            problem = Wording("{n} queries of this client are waiting already", n=len(queue))
            raise BusyError("service", problem, "wait for their answers", limit=f"client_waiting={client_waiting}")
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self._hand_out()
        if not turn.done() and self.waiting > waiting:
            self._forget(client, turn)
            problem = Wording("{n} queries are waiting already", n=waiting)
            raise BusyError("service", problem, "try again shortly", limit=f"waiting={waiting}")
        return turn

    def give_up(self, client: str, turn: asyncio.Future[T]) -> None:
        """Leaves the queue; what was handed out meanwhile goes back."""
        self._forget(client, turn)
        if turn.done() and not turn.cancelled():
            self.give(turn.result())
            self.leave(client)

    async def take(self, client: str) -> T:
        """`line_up`, waited for; whoever stops waiting leaves the queue."""
        turn = self.line_up(client)
        try:
            return await turn
        except asyncio.CancelledError:
            self.give_up(client, turn)
            raise

    def give(self, thing: T) -> None:
        """Puts a thing at the clients' disposal."""
        self._idle.append(thing)
        self._hand_out()

    def leave(self, client: str) -> None:
        """Ends one turn of the client."""
        self._holding[client] -= 1
        if self._holding[client] <= 0:
            del self._holding[client]
        self._hand_out()

    def empty(self) -> list[T]:
        """Takes away every thing that nobody holds."""
        things = [*self._idle]
        self._idle.clear()
        return things

    def _hand_out(self) -> None:
        while (client := next(filter(self._may_have, self._queues), None)) is not None:
            queue = self._queues[client]
            turn = queue.popleft()
            self._queues.move_to_end(client)
            if not queue:
                del self._queues[client]
            if not turn.done():
                self._holding[client] += 1
                turn.set_result(self._idle.pop())

    def _may_have(self, client: str) -> bool:
        return len(self._idle) > (client in self._holding)

    def _forget(self, client: str, turn: asyncio.Future[T]) -> None:
        queue = self._queues.get(client)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._queues[client]
