"""What every route may ask for: the dataset of this request and a page in the reader's language.

Coroutines, since FastAPI runs plain functions in threads.
"""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from service.dataset import Dataset
from service.metrics import Metrics
from service.pages import Page
from service.settings import Settings


async def _dataset(request: Request) -> Dataset:
    dataset: Dataset = request.state.dataset
    return dataset


async def _page(request: Request) -> Page:
    return Page(request, await _dataset(request))


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.datasets.metrics
    return metrics


Data = Annotated[Dataset, Depends(_dataset)]
ThisPage = Annotated[Page, Depends(_page)]
Given = Annotated[Settings, Depends(_settings)]
Counters = Annotated[Metrics, Depends(_metrics)]
