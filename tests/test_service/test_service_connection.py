"""Connections as clients other than browsers keep them: pipelined, offering HTTP/2, older than HTTP/1.1."""

import socket
from contextlib import suppress
from time import sleep

ASK = "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"


def exchange(server, *requests: str, answers: int) -> bytes:
    """What comes back on one connection until so many answers are here or it ends."""
    host, port = server.url.removeprefix("http://").split(":")
    told = b""
    with socket.create_connection((host, int(port)), timeout=20) as connection, suppress(ConnectionError):
        for request in requests:
            connection.sendall(request.encode())
        while told.count(b"HTTP/1.1 ") < answers and (piece := connection.recv(1 << 16)):
            told += piece
    return told


def test_pipelined_requests_are_answered_in_their_order(server):
    told = exchange(
        server, f"{ASK}\r\n" + f"{ASK}Accept: text/csv\r\n\r\n" * 3 + f"{ASK}Connection: close\r\n\r\n", answers=6
    )
    types = [line for line in told.split(b"\r\n") if line.lower().startswith(b"content-type")]
    assert [b"json" in line for line in types] == [True, False, False, False, True]


def test_more_pipelined_requests_than_may_wait_end_the_connection_only(server):
    exchange(server, f"{ASK}\r\n" * 2000, answers=2000)
    assert b"200 OK" in exchange(server, f"{ASK}\r\n", answers=1)


def test_a_client_that_offers_http2_is_answered_by_http1_again_and_again(server):
    offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    body = "query=ASK%7B%7D"
    post = (
        f"POST /sparql HTTP/1.1\r\nHost: x\r\n{offer}Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        for request in (f"{ASK}{offer}\r\n", post, f"{ASK}\r\n"):
            connection.sendall(request.encode())
            assert b"200 OK" in connection.recv(1 << 16)
        for piece in (post[:-4], post[-4:] + f"{ASK}\r\n"):  # its body in two pieces, the next request at once
            connection.sendall(piece.encode())
            sleep(0.1)
        told = b""
        while told.count(b"HTTP/1.1 200 OK") < 2:
            told += connection.recv(1 << 16)


def test_an_endless_head_is_refused(server):
    told = exchange(server, ASK, *(f"X-{number}: {'y' * 1000}\r\n" for number in range(400)), answers=1)
    assert told == b"" or b" 431 " in told


def test_http_1_0_gets_a_table_of_many_pieces_whole_and_with_its_length(server):
    told = exchange(server, "GET /validation.csv HTTP/1.0\r\n\r\n", answers=2)
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"200 OK" in head and b"chunked" not in head
    assert f"content-length: {len(body)}".encode() in head.lower()
