"""Answers every named query once when a snapshot is opened, so that its first reader does not wait."""

import asyncio
import logging
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import QueryError
from pipeline.query import load_queries
from service.evaluation import complete
from service.frames import Job
from service.log import event
from service.metrics import Metrics
from service.problems import ProblemError
from service.process import WorkerLostError
from service.query_digest import digests, keep_digests
from service.remote import RemoteStore
from service.settings import Settings
from service.workers import Pool

if TYPE_CHECKING:
    from service.dataset import Dataset

PAGES = 3  # of each
FORM, MEDIA_TYPE = "json", "application/sparql-results+json"  # what the pages read, too


async def prewarm(store: Path | RemoteStore, dataset: "Dataset", settings: Settings, metrics: Metrics) -> None:
    """Puts the answers of the named queries, with their defaults, where `service.answers` looks for them, and what their
    first pages show where `service.routes.queries` does.

    A worker of its own does it, behind all other work, so that nobody waits. A query that fails here fails for its
    reader too, and is told then.
    """
    begun, kept, version, cache = time.perf_counter(), 0, dataset.version, dataset.cache
    pool = Pool(store, 1, settings, metrics)
    try:
        await pool.start()
        for pid in pool.pids:
            os.setpriority(os.PRIO_PROCESS, pid, 19)
        for query in load_queries().values():
            with suppress(ProblemError, QueryError):
                job = Job(query.bound({}), FORM)
                answer = await complete(pool, job, settings.timeout)
                if len(answer.body) <= cache.largest // 8:  # larger ones would push out many others
                    cache.put((version, job, MEDIA_TYPE), answer, len(job.encoded))
                pages = await asyncio.to_thread(digests, query, answer.body, 1, PAGES)
                keep_digests(dataset.digests, version, job.query, pages)
                kept += 1
        metrics.prewarmed.set(1)
        event("prewarmed", {"version": version, "answers": kept, "seconds": round(time.perf_counter() - begun, 1)})
    except (WorkerLostError, TimeoutError, OSError) as error:
        event("not prewarmed", {"version": version, "why": repr(error)}, logging.WARNING)
    finally:
        await asyncio.shield(pool.close())
