"""Who asks: the address that limits are kept by."""

import ipaddress
from contextvars import ContextVar
from functools import lru_cache

from starlette.types import Scope

CLIENT: ContextVar[str] = ContextVar("client", default="")
"""The client of the request at hand; empty for the service itself."""


def client_of(scope: Scope) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, within which one subscriber has as many as it likes.

    Behind a proxy on this machine it is the address that the proxy names by X-Forwarded-For.
    """
    return _client((scope.get("client") or ("", 0))[0])


@lru_cache(4096)
def _client(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
