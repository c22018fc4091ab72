"""Every client gets what it can read: the headers that clients send, word for word (`accept.toml`), to a real server."""

import csv
import gzip
import http.client
import io
import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

CLIENTS = tomllib.loads((Path(__file__).parent / "accept.toml").read_text("utf-8"))["client"]
HEAD = "PREFIX du: <https://w3id.org/ducha/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
QUERIES = {
    "table": HEAD + "SELECT ?label WHERE { ?plan a du:Plan ; rdfs:label ?label }",
    "truth": HEAD + "ASK { ?plan a du:Plan }",
    "graph": HEAD + "CONSTRUCT { ?plan rdfs:label ?label } WHERE { ?plan a du:Plan ; rdfs:label ?label }",
}
PLAN, LABEL = "/plan/320600-202009", "南通市贯彻落实省第三环境保护督察组反馈意见整改方案"


def send(server: Any, client: dict[str, Any]) -> tuple[str, bytes, dict[str, str]]:
    """Media type, body and headers of the answer to exactly these lines."""
    parameters = {"query": QUERIES.get(client["asks"], ""), "format": client.get("format", "")}
    query = urlencode({name: value for name, value in parameters.items() if value})
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.putrequest("GET", PLAN if client["asks"] == "node" else f"/sparql?{query}", skip_accept_encoding=True)
    for line in client["accept"]:
        connection.putheader("Accept", line)
    if "encoding" in client:
        connection.putheader("Accept-Encoding", client["encoding"])
    connection.endheaders()
    with connection.getresponse() as answer:
        body, headers = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        assert answer.status == 200, body.decode()
    connection.close()
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return headers["content-type"].partition(";")[0], body, headers


def read(media_type: str, body: bytes) -> str:
    """All that a reader of the media type finds in the body."""
    if media_type == "text/html":
        return body.decode()
    if media_type == "text/csv":
        return " ".join(cell for row in csv.reader(io.StringIO(body.decode())) for cell in row)
    if media_type.endswith("sparql-results+xml"):
        return " ".join(ElementTree.fromstring(body).itertext())  # noqa: S314 - our own server wrote it
    if media_type in {"application/sparql-results+json", "application/json"}:
        return json.dumps(json.loads(body), ensure_ascii=False)
    quads = ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))
    return " ".join(str(quad) for quad in quads)


@pytest.mark.parametrize("client", CLIENTS, ids=[client["name"] for client in CLIENTS])
def test_a_client_gets_what_it_can_read(server, client):
    media_type, body, headers = send(server, client)
    assert media_type == client["reads"]
    expected = {"truth": "true", "description": "sparql"}.get(client["asks"], LABEL)
    assert expected in read(media_type, body)
    assert ("charset=utf-8" in headers["content-type"]) == media_type.startswith("text/")
    assert "accept" in headers["vary"].lower()


def test_excel_gets_gzip_of_what_is_worth_it(server):
    client = {"asks": "description", "accept": [], "encoding": "gzip, deflate"}
    media_type, body, headers = send(server, client)
    assert (media_type, headers["content-encoding"]) == ("text/turtle", "gzip")
    assert b"sparql-service-description" in body


def test_lines_of_one_header_are_one_list_to_the_cache_too(server):
    first = send(server, {"asks": "table", "accept": ["text/csv;q=0.1", "application/sparql-results+xml"]})
    second = send(server, {"asks": "table", "accept": ["text/csv;q=0.1"]})
    assert (first[0], second[0]) == ("application/sparql-results+xml", "text/csv")


def test_rdflib_reads_a_node_by_its_address(server):
    graph = Graph().parse(server.url + PLAN)
    labels = graph.objects(
        URIRef(f"https://w3id.org/ducha{PLAN}"), URIRef("http://www.w3.org/2000/01/rdf-schema#label")
    )
    assert LABEL in {str(label) for label in labels}
