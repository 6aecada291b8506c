"""This machine's own network: free ports, and URLs that no proxy of the user's is asked for."""

import socket
import urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opens URLs of 127.0.0.1."""


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str) -> bool:
    """Whether `url` can be had, within a second or two."""
    try:
        OPENER.open(url, timeout=2).close()
    except OSError:
        return False
    return True
