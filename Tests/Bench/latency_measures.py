"""Times a client sees: expiry lag, longest wait of a PING, start to first PONG."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Callable, Dict, Iterator, List, Optional

from context import Context, RoleFailure
from memory_measures import LOAD_DEPTH, ttls
from report import MILLISECONDS, Bar, at_most, percentile
from resp import LOAD_TIMEOUT, BenchError, Connection, encode, set_px_chunks
from servers import ROLES, running

EXPIRED_CHANNEL = "__keyevent@0__:expired"
# The first deadline is this far off, so that all keys are stored by then.
EXPIRY_LEAD_MS = 1_000
# Deadlines are whole milliseconds; an event earlier than this is a fault.
EARLIEST_LAG_MS = -1.0
EXPIRY_BAR = at_most(10, MILLISECONDS)
START_BAR = at_most(10, MILLISECONDS)
WAIT_BAR = at_most(2, MILLISECONDS)
# Pause between PINGs, in seconds: short against the waits looked for, and
# random so as not to keep step with anything in the server.
PAUSE_LEAST, PAUSE_MOST = 0.0002, 0.001
# Commands per write of the filling client: enough to fill the server quickly,
# few enough that a PING behind them waits for tens of microseconds only.
FILL_DEPTH = 32
FLUSH_TIMEOUT = 30.0
HELPER_START_TIMEOUT = 60.0
HELPER_STOP_TIMEOUT = 5.0
LOADER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "loader.py")


@contextlib.contextmanager
def undisturbed() -> Iterator[bool]:
    """Keeps the collector, and if allowed other processes, from delaying us.

    Yields whether this process runs at a real-time priority.
    """
    gc.disable()
    preferred = True
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        preferred = False
    try:
        yield preferred
    finally:
        if preferred:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        gc.enable()


# ---- lag of expiry events -------------------------------------------------

def store_deadlines(connection: Connection, count: int, spread: float) -> None:
    """Stores `count` keys named after their deadlines, all in one write."""
    generator = random.Random()
    first = int(time.time() * 1_000) + EXPIRY_LEAD_MS
    deadlines = [first + generator.randrange(int(spread * 1_000)) for _ in range(count)]
    connection.send(b"".join(
        encode("SET", "due:%d:%d" % (deadline, index), "x", "PXAT", deadline)
        for index, deadline in enumerate(deadlines)))
    for _ in range(count):
        connection.read_reply()


def read_event_lags(subscriber: Connection, count: int, until: float) -> List[float]:
    """How late each of `count` expired events comes, in ms, until a wall time."""
    lags: List[float] = []
    while len(lags) < count:
        if not subscriber.buffered():
            left = until - time.time()
            if left <= 0 or not select.select([subscriber], [], [], left)[0]:
                break
        key = subscriber.read_reply()[2]
        lags.append(time.time() * 1_000 - int(key.split(b":")[1]))
    return lags


def expiry_lag(context: Context, role: str, chunks) -> Dict[str, float]:
    """p99 lag of expired events in ms on a fresh server, and events not seen."""
    scale = context.scale
    with running(context.programs[role], context.cores) as server, \
            server.connect() as writer, server.connect() as subscriber, \
            undisturbed():
        writer.call("CONFIG", "SET", "notify-keyspace-events", "Ex")
        writer.load(chunks)
        subscriber.call("SUBSCRIBE", EXPIRED_CHANNEL)
        until = time.time() + scale.expiry_cap
        store_deadlines(writer, scale.expiry_events, scale.expiry_spread)
        lags = read_event_lags(subscriber, scale.expiry_events, until)
    if lags and min(lags) < EARLIEST_LAG_MS:
        raise BenchError("a key expired %.1f ms before its deadline" % -min(lags))
    unseen = scale.expiry_events - len(lags)
    return {"p99": percentile(lags + [scale.expiry_cap * 1_000] * unseen, 99),
            "unseen": unseen}


def expiry(context: Context) -> None:
    """Lag of an expired event behind the deadline, p99 in ms.

    Keys with deadlines a few seconds off, among many others with TTLs of hours.
    """
    scale = context.scale
    name = "p99 lag of expired events, %s other TTLs" % short_count(scale.expiry_background_keys)
    chunks = set_px_chunks(scale.expiry_background_keys, LOAD_DEPTH,
                           ttls(scale.expiry_background_keys))
    try:
        results = context.collect(name, scale.slow_runs,
                                  lambda role: expiry_lag(context, role, chunks))
    except RoleFailure as failure:
        context.fail(name, EXPIRY_BAR, failure)
        return
    samples = {role: [result["p99"] for result in results[role]] for role in ROLES}
    context.report.add(name, samples, MILLISECONDS, EXPIRY_BAR)
    for role in ROLES:
        unseen = max(result["unseen"] for result in results[role])
        if unseen:
            context.report.note("expired events, %s: up to %d of %d not seen within %g s, "
                                "counted as %g s late" % (role, unseen, scale.expiry_events,
                                                          scale.expiry_cap, scale.expiry_cap))


# ---- longest wait of a pinging client -------------------------------------

class Filler:
    """The client process that fills servers while this one sends PINGs."""

    def __init__(self, core: int, keys: int):
        self.process = subprocess.Popen(
            [sys.executable, "-B", LOADER, str(keys), str(FILL_DEPTH)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        os.sched_setaffinity(self.process.pid, {core})

    def __enter__(self) -> "Filler":
        return self

    def __exit__(self, *_exception) -> None:
        self.process.kill()
        self.process.communicate(timeout=HELPER_STOP_TIMEOUT)

    def wait_ready(self) -> None:
        """Waits until all commands are built."""
        if not select.select([self.process.stdout], [], [], HELPER_START_TIMEOUT)[0] \
                or self.process.stdout.readline() != "ready\n":
            raise BenchError("the filling client did not get ready")

    def yield_to_pings(self) -> None:
        """Lets the PINGs' client preempt the filling one on a shared core."""
        os.sched_setscheduler(self.process.pid, os.SCHED_IDLE, os.sched_param(0))

    def start(self, port: int) -> None:
        self.process.stdin.write("%d\n" % port)

    def finished(self) -> bool:
        """True once the keys are stored; raises if they could not be."""
        if not select.select([self.process.stdout], [], [], 0)[0]:
            return False
        answer = self.process.stdout.readline()
        if not answer.startswith("done"):
            raise BenchError("filling the server failed: %s" % answer.strip())
        return True


def ping_span(connection: Connection, stop: Callable[[], bool], limit: float) -> List[float]:
    """Round trips of PINGs in ms, one after the other, until `stop()`."""
    waits: List[float] = []
    deadline = time.monotonic() + limit
    while not stop():
        sent = time.perf_counter()
        connection.ping()
        waits.append((time.perf_counter() - sent) * 1_000)
        if time.monotonic() > deadline:
            raise BenchError("a span of PINGs did not end within %d s" % limit)
        time.sleep(random.uniform(PAUSE_LEAST, PAUSE_MOST))
    return waits


def after(seconds: float) -> Callable[[], bool]:
    """A stop condition: true once that time has passed."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


class Flush:
    """A stop condition: FLUSHALL was answered `tail` seconds ago."""

    def __init__(self, connection: Connection, tail: float):
        self.connection = connection
        self.tail = tail
        self.ended: Optional[float] = None
        connection.send(encode("FLUSHALL"))

    def __call__(self) -> bool:
        if self.ended is None and select.select([self.connection], [], [], 0)[0]:
            if self.connection.read_reply() != "OK":
                raise BenchError("FLUSHALL was not answered with OK")
            self.ended = time.monotonic()
        return self.ended is not None and time.monotonic() >= self.ended + self.tail


@dataclass
class Waits:
    """Round trips in ms of one server's spans; several of the idle server."""

    idle: List[List[float]]
    growth: List[float]
    flush: List[float]


def measure_waits(context: Context, role: str, filler: Filler) -> Waits:
    """The spans idle, growth and flush on a fresh server."""
    scale = context.scale
    with running(context.programs[role], context.cores) as server, \
            server.connect() as pinger, server.connect() as flusher, \
            undisturbed() as preferred:
        if not preferred:
            filler.yield_to_pings()
        idle = [ping_span(pinger, after(scale.idle_span), LOAD_TIMEOUT)
                for _ in range(scale.idle_spans)]
        filler.start(server.port)
        growth = ping_span(pinger, filler.finished, LOAD_TIMEOUT)
        check_size(flusher, scale.wait_keys)
        flush = ping_span(pinger, Flush(flusher, scale.flush_tail), FLUSH_TIMEOUT)
        check_size(flusher, 0)
    return Waits(idle, growth, flush)


def check_size(connection: Connection, keys: int) -> None:
    """Makes sure the server holds what the span was meant to measure."""
    size = connection.call("DBSIZE")
    if size != keys:
        raise BenchError("DBSIZE is %s, not %d" % (size, keys))


def add_span(context: Context, name: str, spans: Dict[str, List[List[float]]],
             idle: Dict[str, float], bar: Optional[Bar]) -> None:
    """Rows of one kind of span: longest wait, p99.9, and the excess over idle."""
    longest = {role: [max(span) for span in spans[role]] for role in ROLES}
    tail = {role: [percentile(span, 99.9) for span in spans[role]] for role in ROLES}
    context.report.add("longest PING, %s" % name, longest, MILLISECONDS)
    context.report.add("p99.9 PING, %s" % name, tail, MILLISECONDS)
    if bar is not None:
        excess = {role: [value - idle[role] for value in longest[role]] for role in ROLES}
        context.report.add("longest PING, %s, above idle" % name, excess, MILLISECONDS, bar)


def ping_waits(context: Context) -> None:
    """Longest wait of a client that PINGs, ms: idle, loading keys, FLUSHALL.

    Idle is the median of the longest waits of several spans, as a single
    longest wait is at the mercy of the machine.
    """
    scale = context.scale
    keys = short_count(scale.wait_keys)
    loading, flushing = "loading %s keys" % keys, "FLUSHALL of %s keys" % keys
    try:
        with Filler(context.cores.helper, scale.wait_keys) as filler:
            filler.wait_ready()
            results = context.collect("longest wait of a PING", scale.slow_runs,
                                      lambda role: measure_waits(context, role, filler))
    except RoleFailure as failure:
        for name in (loading, flushing):
            context.fail("longest PING, %s, above idle" % name, WAIT_BAR, failure)
        return
    idle = {role: [span for waits in results[role] for span in waits.idle] for role in ROLES}
    middle = {role: median(map(max, idle[role])) for role in ROLES}
    add_span(context, "idle", idle, middle, None)
    add_span(context, loading, {role: [waits.growth for waits in results[role]]
                                for role in ROLES}, middle, WAIT_BAR)
    add_span(context, flushing, {role: [waits.flush for waits in results[role]]
                                 for role in ROLES}, middle, WAIT_BAR)


# ---- start to first PONG --------------------------------------------------

def startup(context: Context) -> None:
    """From just before the process is made to its first PONG, in ms."""
    name = "start to first PONG"

    def take(role: str) -> float:
        with running(context.programs[role], context.cores) as server:
            return server.start_seconds * 1_000

    try:
        samples = context.collect(name, context.scale.starts, take)
        context.report.add(name, samples, MILLISECONDS, START_BAR)
    except RoleFailure as failure:
        context.fail(name, START_BAR, failure)


def short_count(count: int) -> str:
    """1000000 as 1M, 300000 as 300k."""
    return "%gM" % (count / 1e6) if count >= 1e6 else "%gk" % (count / 1e3)
