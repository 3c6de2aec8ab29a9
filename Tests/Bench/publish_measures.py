"""Measures of publishing: CPU per delivery, and memory for subscribers that don't read."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import Iterator

from context import Context, RoleFailure
from report import BYTES, MICROSECONDS, at_most
from resp import BenchError, encode
from servers import OURS, Server, running
from subscribers import CHANNEL

SUBSCRIBERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "subscribers.py")
READER_TIMEOUT = 60.0
SMALL, LARGE = 100, 16_384
# Subscribers, and bytes of a message.
FAN_OUTS = ((1, SMALL), (50, SMALL), (1_000, SMALL), (1_000, LARGE))

STALLED = 10
STALLED_PAYLOAD = 1_000
STALLED_BAR = at_most(400_000, BYTES)
STALLED_ROW = "peak bytes per subscriber that never reads"
# A server that has this keeps the newest messages, and tells what was missed.
STALLED_OPTIONS = ["--pubsub-overflow-policy", "drop-oldest"]


@contextlib.contextmanager
def readers(server: Server, count: int, size: int) -> Iterator[subprocess.Popen]:
    """Subscribers in a process of their own, which ends when each has had so many bytes."""
    process = subprocess.Popen(
        [sys.executable, "-B", SUBSCRIBERS, str(server.port), str(count), str(size)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline() != "ready\n":
            raise BenchError("the subscribers did not come up")
        yield process
    finally:
        process.kill()
        process.communicate()


def delivery_cost(context: Context, role: str, count: int, payload: int) -> float:
    """CPU of a fresh server per message and subscriber, in µs; one PUBLISH after the other."""
    messages = max(context.scale.deliveries // count, context.scale.fewest_messages)
    text = b"x" * payload
    message = len(encode("message", CHANNEL, text))
    with running(context.programs[role], context.cores) as server:
        with readers(server, count, messages * message) as process, server.connect() as publisher:
            before = server.cpu_ns()
            for _ in range(messages):
                publisher.call("PUBLISH", CHANNEL, text)
            try:
                done, _ = process.communicate(timeout=READER_TIMEOUT)
            except subprocess.TimeoutExpired as error:
                raise BenchError("messages were lost") from error
            if done != "done\n":
                raise BenchError("the subscribers failed")
            return (server.cpu_ns() - before) / (messages * count) / 1_000


def publishing(context: Context) -> None:
    """Server CPU per delivery, by the number of subscribers."""
    for count, payload in FAN_OUTS:
        name = "CPU per delivery to %s of %s bytes" % (
            "1 subscriber" if count == 1 else "{:,} subscribers".format(count), "{:,}".format(payload))
        try:
            samples = context.collect(
                name, context.scale.runs,
                lambda role, count=count, payload=payload: delivery_cost(context, role, count, payload))
            context.report.add(name, samples, MICROSECONDS)
        except RoleFailure as failure:
            context.fail(name, None, failure)


def peak_bytes(server: Server) -> int:
    """The most memory that the server had at once (VmHWM)."""
    with open("/proc/%d/status" % server.pid) as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    raise BenchError("no VmHWM in the server's status")


def stalled_cost(context: Context, role: str) -> float:
    """Growth of the peak per subscriber that reads nothing, while each is owed much."""
    options = STALLED_OPTIONS if role == OURS else []
    text = b"x" * STALLED_PAYLOAD
    with running(context.programs[role], context.cores, options) as server, contextlib.ExitStack() as stack:
        for _ in range(STALLED):
            stack.enter_context(server.connect()).call("SUBSCRIBE", CHANNEL)
        publisher = stack.enter_context(server.connect())
        publisher.ping()
        before = peak_bytes(server)
        for _ in range(context.scale.stalled_messages):
            publisher.call("PUBLISH", CHANNEL, text)
        return (peak_bytes(server) - before) / STALLED


def stalled_memory(context: Context) -> None:
    """Memory for subscribers that never read: ours drops their oldest messages, the peer cuts them off."""
    try:
        samples = context.collect(STALLED_ROW, context.scale.slow_runs,
                                  lambda role: stalled_cost(context, role))
        context.report.add(STALLED_ROW, samples, BYTES, STALLED_BAR)
    except RoleFailure as failure:
        context.fail(STALLED_ROW, STALLED_BAR, failure)
