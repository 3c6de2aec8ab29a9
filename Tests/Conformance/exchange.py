"""How a step is carried out on one server: the connections to it, and what counts as the answer.

Most steps are one request. A `PING` with a token of its own follows each, so that every frame up to
the token's is known to be the answer: too many, too few and unsolicited replies are all noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Dict, List, Optional, Sequence, Tuple, Union

import wire
from comparison import Outcome
from servers import Server
from wire import Connection, Frame, Node

if TYPE_CHECKING:
    from table import Step

WATCHER = 2
"""The connection that listens to keyspace events; it sends nothing else."""

EVENT_PATTERN = "__key*__:*"

PASSWORD = "sesame"
"""Used by steps that lock the server for a moment; harmless if none does."""

SHORT_PATIENCE, LONG_PATIENCE = 0.03, 0.7
"""Seconds of silence after which a server is taken to have said everything: at first, and in doubt."""

RESTORED_PARAMETERS = {
    "maxmemory": "0", "maxmemory-policy": "noeviction", "maxmemory-samples": "5", "hz": "10", "timeout": "0",
    "proto-max-bulk-len": "536870912", "slowlog-log-slower-than": "10000", "slowlog-max-len": "128",
    "lfu-log-factor": "10", "lfu-decay-time": "1", "latency-monitor-threshold": "0", "tcp-keepalive": "300",
    "activerehashing": "yes", "proc-title-template": "{title} {listen-addr} {server-mode}", "masteruser": "",
    "masterauth": "", "replica-announce-ip": "", "repl-backlog-size": "1048576", "cluster-link-sendbuf-limit": "0",
    "client-output-buffer-limit": "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60",
    "stream-node-max-entries": "100", "stream-node-max-bytes": "4096",
}
"""Parameters that steps change, with the values they get back before each run of steps."""

THRESHOLDS = ("*-max-listpack-*", "*-max-intset-entries", "hll-sparse-max-bytes", "list-compress-depth")
"""Patterns of parameters that steps change as well, but that not all servers were started with alike."""

Exchange = Callable[["Side", "Step"], Outcome]


class Side:
    """One of the two servers, with the connections that the steps use."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.protocol = 2
        self.listening = False
        self.patience = SHORT_PATIENCE
        self._connections: Dict[int, Connection] = {}
        self._control: Optional[Connection] = None
        self._tokens = 0
        self._thresholds: List[Tuple[bytes, bytes]] = []

    # Beginning afresh

    def reset(self, protocol: int, listening: bool, events: bool) -> None:
        """An empty server, default parameters, new connections."""
        if self.server.exit_status() is not None:
            self._forget_connections()
            self.server.restart()
        for connection in self._connections.values():
            connection.quit()
        self._connections.clear()
        self.protocol, self.listening = protocol, listening
        try:
            self._restore(events)
        except (OSError, wire.ConnectionClosed, wire.ReplyTimeout):
            # Whatever the last step did to this process, the next one deserves a working one.
            self._forget_connections()
            self.server.restart()
            self._restore(events)

    def _restore(self, events: bool) -> None:
        """Default parameters and empty databases; keyspace events if asked for."""
        for name, value in RESTORED_PARAMETERS.items():
            self.control("CONFIG", "SET", name, value)
        self._restore_thresholds()
        self.control("CONFIG", "SET", "notify-keyspace-events", "KEA" if events else "")
        if self.control("FLUSHALL").is_error:
            # A server still without this command is emptied in another way.
            self._forget_connections()
            self.server.restart()
        if events:
            self.connection(WATCHER).call("PSUBSCRIBE", EVENT_PATTERN)

    def _restore_thresholds(self) -> None:
        """What the server was started with; learnt when it is new."""
        if self._thresholds:
            self.control("CONFIG", "SET", *[word for pair in self._thresholds for word in pair])
            return
        for pattern in THRESHOLDS:
            reply = self.control("CONFIG", "GET", pattern)
            self._thresholds += [(name.text, value.text) for name, value in reply.pairs()]

    def _forget_connections(self) -> None:
        """Drops every connection, as after the end of the process."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()
        if self._control:
            self._control.close()
        self._control = None

    def close(self) -> None:
        """Closes all connections."""
        self._forget_connections()

    # Talking

    def connection(self, where: int) -> Connection:
        """The connection of that number, opened now if need be."""
        if where not in self._connections:
            connection = Connection(self.server.port)
            if self.protocol == 3:
                connection.call("HELLO", "3")
            self._connections[where] = connection
        return self._connections[where]

    def control(self, *args: Union[bytes, str, int]) -> Node:
        """A command on a connection that no step ever touches."""
        if self._control is None:
            self._control = Connection(self.server.port)
        return self._control.call(*args)

    def transmit_all(self, where: int, steps: Sequence["Step"]) -> List[bytes]:
        """Sends the steps' requests in one go, and returns their tokens."""
        if len(steps) == 1:
            return [self.transmit(where, steps[0].request, steps[0].cuts)]
        tokens = [self._next_token() for _ in steps]
        self.connection(where).send(b"".join(step.request + wire.encode([b"PING", token])
                                             for step, token in zip(steps, tokens)))
        return tokens

    def finish_all(self, where: int, tokens: Sequence[bytes]) -> List[Outcome]:
        """The outcomes of steps sent together, up to one that ends the connection."""
        outcomes: List[Outcome] = []
        for token in tokens:
            if outcomes and outcomes[-1].ending:
                break
            outcomes.append(self.finish(where, token))
        return outcomes

    def _next_token(self) -> bytes:
        """An argument for PING that nothing else contains."""
        self._tokens += 1
        return b"sync:%d" % self._tokens

    def transmit(self, where: int, request: bytes, cuts: Tuple[int, ...] = ()) -> bytes:
        """Sends a request and the PING behind it; returns the token that ends the answer."""
        token = self._next_token()
        self.connection(where).send(request + wire.encode([b"PING", token]), cuts)
        return token

    def collect(self, where: int, token: bytes) -> List[Frame]:
        """All frames up to the answer to the PING with `token`."""
        frames: List[Frame] = []
        connection = self.connection(where)
        while True:
            try:
                frame = connection.read_frame()
            except (wire.ConnectionClosed, wire.ReplyTimeout, wire.ProtocolViolation) as failure:
                raise Unfinished(frames, failure) from None
            if _answers_ping(frame.node, token):
                return frames
            frames.append(frame)

    def ask(self, where: int, *args: bytes) -> List[Frame]:
        """One complete exchange on one connection."""
        return self.collect(where, self.transmit(where, wire.encode(args)))

    def finish(self, where: int, token: bytes) -> Outcome:
        """Collects a step's answer, and what it brought about on the other connections."""
        frames, endings = {}, []
        others = sorted(self._connections.keys() - {where}) if self.listening else []
        for each in [where] + others:
            try:
                token = token if each == where else self.transmit(each, b"")
                frames[each] = tuple(self.collect(each, token))
            except Unfinished as unfinished:
                frames[each] = tuple(unfinished.frames)
                endings.append(self.ending_after(each, unfinished.reason))
        return Outcome(where, frames, ", ".join(dict.fromkeys(endings)))

    def reply_to(self, where: int, *args: bytes) -> List[Frame]:
        """One reply, and the messages before it, where a PING would not be answered at once."""
        connection = self.connection(where)
        connection.send(wire.encode(args))
        frames: List[Frame] = []
        while not frames or frames[-1].is_message:
            try:
                frames.append(connection.read_frame())
            except (wire.ConnectionClosed, wire.ReplyTimeout, wire.ProtocolViolation) as failure:
                raise Unfinished(frames, failure) from None
        return frames

    def perform(self, step: "Step") -> Outcome:
        """Carries out a step in its own way."""
        try:
            return step.row.exchange(self, step)
        except Unfinished as unfinished:
            ending = self.ending_after(step.where, unfinished.reason)
            return Outcome(step.where, {step.where: tuple(unfinished.frames)}, ending)
        except (OSError, wire.ConnectionClosed, wire.ReplyTimeout, wire.ProtocolViolation) as failure:
            return Outcome(step.where, {}, self.ending_after(step.where, failure))

    def ending_after(self, where: int, reason: Exception) -> str:
        """Words for an answer without a proper end; the connection is given up."""
        connection = self._connections.pop(where, None)
        if connection:
            connection.close()
        status = self.server.exit_status()
        if status:
            return "the server " + status
        if isinstance(reason, wire.ConnectionClosed):
            return "connection closed"
        return str(reason)


class Unfinished(Exception):
    """An answer broke off: what had come until then, and why no more came."""

    def __init__(self, frames: List[Frame], reason: Exception) -> None:
        super().__init__(str(reason))
        self.frames = frames
        self.reason = reason


def _answers_ping(node: Node, token: bytes) -> bool:
    """Whether this is the reply to `PING token`, as a subscriber gets it or as anyone else does."""
    if node.kind == "$":
        return node.value == token
    return len(node.items) == 2 and node.items[1].value == token


def single(side: Side, step: "Step") -> Outcome:
    """One request, one answer."""
    token = side.transmit(step.where, step.request, step.cuts)
    return side.finish(step.where, token)


def reply_frame(node: Node) -> Frame:
    """A frame that an exchange composed itself out of several replies."""
    return Frame(repr(node.plain()).encode(), node)
