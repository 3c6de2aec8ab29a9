"""Proves that differential.py finds differences: a peer is compared with itself, through a proxy that lies.

Without this, a harness that compares nothing would look like a server without faults.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import socket
import threading
from typing import Any, Callable, Iterator, List, Tuple

from servers import Server

SECONDS = 10.0
"""More than enough to find each of the lies, which concern common commands."""

RECEIVE_SIZE = 1 << 16

Lie = Tuple[str, bytes, Callable[[bytes], bytes]]
"""A name, a word that requests must contain (in upper case), and what becomes of the reply."""

LIES: List[Lie] = [
    ("a wrong number", b"APPEND", lambda reply: re.sub(rb"(?m)^:1", b":2", reply)),
    ("a wrong error text", b"INCRBY", lambda reply: reply.replace(b"ERR value is not", b"ERR value isn't")),
    ("one reply too many", b"STRLEN", lambda reply: b":0\r\n" + reply),
    ("a wrong type of reply", b"GETRANGE", lambda reply: reply.replace(b"$0\r\n\r\n", b"$-1\r\n")),
    ("no protocol at all", b"TTL", lambda reply: b"?" + reply),
]


class LyingProxy:
    """Passes bytes between clients and a server, and changes the replies to some requests."""

    def __init__(self, target: Server, lie: Lie) -> None:
        self._target = target
        _, self._word, self._change = lie
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        """Starts a thread for each direction of each connection."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target.port))
                marks: List[bool] = [False]
                for copy in (self._copy_requests, self._copy_replies):
                    threading.Thread(target=copy, args=(client, server, marks), daemon=True).start()

    def _copy_requests(self, client: socket.socket, server: socket.socket, marks: List[bool]) -> None:
        """From client to server, noting whether the last request is one to lie about."""
        with contextlib.suppress(OSError):
            while True:
                data = client.recv(RECEIVE_SIZE)
                marks[0] = self._word in data.upper()
                server.sendall(data)
                if not data:
                    server.shutdown(socket.SHUT_WR)
                    return

    def _copy_replies(self, client: socket.socket, server: socket.socket, marks: List[bool]) -> None:
        """From server to client, lying where noted."""
        with contextlib.suppress(OSError):
            while True:
                data = server.recv(RECEIVE_SIZE)
                if not data:
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(self._change(data) if marks[0] else data)


class ProxiedServer:
    """What the harness takes for our server: the peer's program, reached through the proxy."""

    def __init__(self, server: Server, lie: Lie) -> None:
        self._server = server
        self._proxy = LyingProxy(server, lie)
        self.port = self._proxy.port
        self.exit_status = server.exit_status
        self.log_tail = server.log_tail
        self.version = server.version
        self.restart = server.restart

    def close(self) -> None:
        """Ends the proxy."""
        self._proxy.close()


@contextlib.contextmanager
def proxied(program: str, lie: Lie) -> Iterator[ProxiedServer]:
    """A server behind a lying proxy."""
    with Server(program, "proxied peer") as server:
        proxy = ProxiedServer(server, lie)
        try:
            yield proxy
        finally:
            proxy.close()


def run(options: argparse.Namespace, compare_servers: Callable[..., Any]) -> int:
    """Tells each lie and expects it to be found out; then expects agreement without lies."""
    options.seconds = SECONDS
    passed = failed = 0
    for lie in LIES + [("the truth", b"", lambda reply: reply)]:
        honest = not lie[1]
        options.only = "strings,bitmaps,keys,server" if honest else "strings,keys"
        output = io.StringIO()
        with proxied(options.peer, lie) as ours, Server(options.peer, "peer") as peer:
            with contextlib.redirect_stdout(output):
                tally = compare_servers(options, ours, peer)
        as_expected = tally.passed > 0 and tally.failed == 0 if honest else tally.failed > 0
        passed, failed = passed + as_expected, failed + (not as_expected)
        print("%s: %s (%d comparisons agreed)" % ("ok" if as_expected else "FAILED", lie[0], tally.passed), flush=True)
        if not as_expected or not honest:
            print("    " + output.getvalue().strip().replace("\n", "\n    "))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0
