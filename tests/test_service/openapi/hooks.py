"""Teaches schemathesis to send a query as the body of a request."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/sparql-query")
def sparql_query(_: Any, value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")
