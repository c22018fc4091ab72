"""One router per group of addresses; each reads the dataset that the front layer chose for the request.

`resources` takes every other address, so it stands last.
"""

from service.routes import (
    about,
    documents,
    editor,
    home,
    monitor,
    ontology,
    plans,
    resources,
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
    wellknown.router,
    monitor.router,
    about.router,
    documents.router,
    plans.router,
    resources.router,
)
