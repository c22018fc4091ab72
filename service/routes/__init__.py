"""One router per group of addresses; each reads the dataset that the front layer chose for the request.

`resources` takes every other address, so it stands last.
"""

from service.routes import (
    about,
    citations,
    documents,
    editor,
    home,
    monitor,
    ontology,
    plans,
    report,
    resources,
    rules,
    search,
    sparql,
    validation,
    wellknown,
    why,
)

ROUTERS = (
    home.router,
    sparql.router,
    editor.router,
    why.router,
    search.router,
    ontology.router,
    validation.router,
    rules.router,
    wellknown.router,
    monitor.router,
    citations.router,
    about.router,
    documents.router,
    plans.router,
    report.router,
    resources.router,
)
