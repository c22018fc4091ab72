"""The page of the ontology as files: the same template, for any web server or none."""

import asyncio
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.snapshot import current_snapshot
from service.cache import ByteCache
from service.dataset import Dataset, open_dataset
from service.messages import LANGUAGES, Language, message
from service.metrics import Metrics
from service.ontology.downloads import ontology_triples, serialise
from service.ontology.model import Ontology, read_ontology
from service.ontology.view import FILES, picture_alone, view
from service.ontology.words import Words, anchor, ours
from service.pages import STATIC, environment
from service.settings import Settings

PAGES: Mapping[Language, str] = {"zh": "index.html", "en": "index.en.html"}
PICTURES: Mapping[Language, str] = {"zh": "diagram.svg", "en": "diagram.en.svg"}
ASSETS = ("tokens.css", "ducha.css", "parts.css", "diagram.css", "ontology.js", "icon.svg")


def write_site(out: Path, target: Path) -> tuple[Path, ...]:
    """Writes the ontology of the snapshot published in `out` into the folder `target` and returns the files written.

    The same snapshot gives the same bytes. Links to nodes of the graph lead to their IRIs. Raises SnapshotError,
    ProblemError, or UsageError when the folder cannot be written.
    """
    files = asyncio.run(_files(out))
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            (target / name).write_bytes(body)
        for name in ASSETS:
            shutil.copyfile(STATIC / name, target / name)
    except OSError as error:
        raise UsageError(target, f"cannot be written ({error})", "name a folder that you may write to") from error
    return tuple(target / name for name in (*files, *ASSETS))


async def _files(out: Path) -> dict[str, bytes]:
    settings = Settings(out, workers=1)
    cache = ByteCache(settings.cache_bytes)
    dataset = await open_dataset(current_snapshot(out), settings, Metrics(cache), cache, cache)
    try:
        triples = await ontology_triples(dataset)
        ontology = await read_ontology(dataset)
    finally:
        await dataset.public.close()
        await dataset.pages.close()
    files = {f"ontology.{suffix}": serialise(triples, suffix) for suffix in FILES.values()}
    style = (STATIC / "diagram.css").read_text("utf-8")
    for language in LANGUAGES:
        files[PAGES[language]] = _page(dataset, ontology, language).encode()
        alone = Words(ontology, dataset.labels, language, partial(_href, page=PAGES[language]))
        files[PICTURES[language]] = picture_alone(alone, style).encode()
    return files


def _page(dataset: Dataset, ontology: Ontology, language: Language) -> str:
    words = Words(ontology, dataset.labels, language, _href)
    return (
        environment()
        .get_template("ontology.html")
        .render(
            **view(words, dataset.base),
            layout="site.html",
            static="",
            files={label: f"ontology.{suffix}" for label, suffix in FILES.items()},
            picture_file=PICTURES[language],
            findings=lambda iri: iri,
            t=lambda key, **values: message(key, language, None, **values),
            name=lambda iri: dataset.labels.name(iri, language),
            href=_href,
            switch=lambda lang: PAGES[lang],
            language=language,
            version=dataset.version,
        )
    )


def _href(iri: str, page: str = "") -> str | None:
    """A term's place in the page, or the IRI itself where it is an address of the web."""
    if ours(iri):
        return f"{page}#{anchor(iri)}"
    return iri if iri.lower().startswith(("http://", "https://")) else None
