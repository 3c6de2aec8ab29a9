"""Collections: CPU of their commands, memory of their elements, and huge ones in others' way."""

from __future__ import annotations

import math
import os
import select
import subprocess
import sys
import time
from typing import Callable, Dict, Iterable, List, NamedTuple, Sequence

from context import Context, RoleFailure
from latency_measures import HELPER_STOP_TIMEOUT, PAUSE_LEAST, undisturbed
from load_measures import (BENCHMARK_TIMEOUT, CLIENTS, KEYSPACE, THROUGHPUT, Cost, TestRuns,
                           available_tests, cpu_column)
from report import BYTES, MICROSECONDS, MILLISECONDS, Unit, at_most, at_most_ratio, new_samples, percentile
from resp import LOAD_TIMEOUT, LOOPBACK, Argument, BenchError, Connection, encode
from servers import OURS, PEER, ROLES, Server, running

CPU_BAR = at_most_ratio(1.0)
MEAN_BAR = at_most_ratio(0.85)
MEMORY_BAR = at_most_ratio(1.0)
WAIT_BAR = at_most(2, MILLISECONDS)
RATIO = Unit("", 3)
DEPTHS = (1, 16)
# Elements of one command that fills a collection, and commands of one write.
ELEMENTS_AT_ONCE = 200
COMMANDS_AT_ONCE = 50
HASH_WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hash_worker.py")
HASH_TIMEOUT = 300.0

Fill = Iterable[Sequence[Argument]]


def fill(connection: Connection, commands: Fill) -> None:
    """Sends commands in writes of many, and reads what they are answered."""
    waiting: List[bytes] = []
    for command in commands:
        waiting.append(encode(*command))
        if len(waiting) == COMMANDS_AT_ONCE:
            send(connection, waiting)
    send(connection, waiting)


def send(connection: Connection, waiting: List[bytes]) -> None:
    """Sends commands at once, and reads their replies."""
    connection.send(b"".join(waiting))
    for _ in waiting:
        connection.read_reply()
    waiting.clear()


def elements(words: Sequence[Argument], count: int, element: Callable[[int], Sequence[Argument]]) -> Fill:
    """Commands that give a collection so many elements."""
    for start in range(0, count, ELEMENTS_AT_ONCE):
        numbers = range(start, min(start + ELEMENTS_AT_ONCE, count))
        yield [*words, *(part for number in numbers for part in element(number))]


# ---- every default test ----------------------------------------------------

def default_tests(context: Context, pipeline: int) -> None:
    """Throughput and server CPU of every default test of redis-benchmark; the mean of all CPU at pipeline 16."""
    runs = DefaultRuns(context, pipeline, available_tests(context), [THROUGHPUT, cpu_column(CPU_BAR)])
    runs.report()
    if pipeline > 1:
        means = new_samples()
        good = [samples[1] for test, samples in runs.samples.items() if test not in runs.failures]
        for run in range(min(len(samples[PEER]) for samples in good)):
            ratios = [samples[OURS][run] / samples[PEER][run] for samples in good]
            means[OURS].append(math.exp(sum(map(math.log, ratios)) / len(ratios)))
            means[PEER].append(1.0)
        context.report.add("CPU per request, pipeline %d, geometric mean of these" % pipeline,
                           means, RATIO, MEAN_BAR)


class DefaultRuns(TestRuns):
    """The tests as redis-benchmark has them, with random keys and values of three bytes."""

    def requests(self, test: str) -> int:
        return self.context.scale.test_requests(test, self.pipeline)


# ---- CPU of more commands ---------------------------------------------------

class Work(NamedTuple):
    """A request that is measured: its words, how often it is made in a run, and what it needs before."""

    words: Sequence[str]
    requests: int
    pipeline: int
    fill: Callable[[], Fill]


def pairs(key: str, offset: int) -> Fill:
    """A sorted set of 10,000 members."""
    return elements(["ZADD", key], 10_000, lambda number: (number * 7 % 10_000, "m%06d" % (number + offset)))


def two_sets() -> Fill:
    """Two sets of 10,000 members, half of them in both."""
    yield from elements(["SADD", "s1"], 10_000, lambda number: ("m%06d" % number,))
    yield from elements(["SADD", "s2"], 10_000, lambda number: ("m%06d" % (number + 5_000),))


def two_sorted_sets() -> Fill:
    """Two sorted sets of 10,000 members, half of them in both."""
    yield from pairs("z1", 0)
    yield from pairs("z2", 5_000)


def stream_with_group() -> Fill:
    """A stream with more entries than are read, and a group that reads it."""
    yield ["XGROUP", "CREATE", "x", "g", "0", "MKSTREAM"]
    for _ in range(260_000):
        yield ["XADD", "x", "*", "field", "value-of-a-few-bytes"]


def places() -> Fill:
    """100,000 places in a square of ten degrees."""
    return elements(["GEOADD", "g"], 100_000, lambda number: (
        "%.6f" % (10 + number * 7919 % 100_003 / 10_000.3), "%.6f" % (40 + number * 104_729 % 100_019 / 10_001.9),
        "p%06d" % number))


WORKS: Dict[str, Work] = {
    "XADD": Work(["XADD", "x", "*", "field", "value-of-a-few-bytes"], 240_000, 16, lambda: ()),
    "XREADGROUP": Work(["XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", "x", ">"], 240_000, 16,
                       stream_with_group),
    "ZRANGE BYSCORE of 100 of 10,000": Work(
        ["ZRANGE", "z1", "5000", "5099", "BYSCORE"], 40_000, 16, lambda: pairs("z1", 0)),
    "ZUNIONSTORE of 10,000 and 10,000": Work(["ZUNIONSTORE", "z3", "2", "z1", "z2"], 160, 1, two_sorted_sets),
    "SINTER of 10,000 and 10,000": Work(["SINTER", "s1", "s2"], 600, 1, two_sets),
    "HGETALL of 100": Work(["HGETALL", "h"], 80_000, 16, lambda: elements(
        ["HSET", "h"], 100, lambda number: ("field:%04d" % number, "value:%04d" % number))),
    "SORT of 10,000": Work(["SORT", "l"], 400, 1, lambda: elements(
        ["RPUSH", "l"], 10_000, lambda number: (number * 7919 % 10_007,))),
    "PFADD": Work(["PFADD", "hll", "element:__rand_int__"], 400_000, 16, lambda: ()),
    "GEOSEARCH of 50 km": Work(
        ["GEOSEARCH", "g", "FROMLONLAT", "15", "45", "BYRADIUS", "50", "km"], 4_000, 16, places),
}


class WorkRuns(TestRuns):
    """Server CPU of the requests in `WORKS`."""

    def requests(self, test: str) -> int:
        return max(WORKS[test].requests // self.context.scale.work_divisor, self.slices)

    def cost(self, server: Server, test: str, requests: int) -> Cost:
        work = WORKS[test]
        with server.connect() as connection:
            if connection.call("GET", "filled") != test.encode():
                connection.call("FLUSHALL")
                fill(connection, work.fill())
                connection.call("SET", "filled", test)
        before, start = server.cpu_ns(), time.perf_counter()
        command = [self.context.benchmark, "-h", LOOPBACK, "-p", str(server.port), "-c", str(CLIENTS),
                   "-n", str(requests), "-P", str(work.pipeline), "-r", str(KEYSPACE), "-q", *work.words]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                timeout=BENCHMARK_TIMEOUT)
        if result.returncode != 0:
            raise BenchError("redis-benchmark ended with %d" % result.returncode)
        return Cost(time.perf_counter() - start, server.cpu_ns() - before)


def command_cpu(context: Context) -> None:
    """Server CPU per request of commands on collections, µs."""
    runs = WorkRuns(context, 1, list(WORKS), [cpu_column(CPU_BAR)])
    for run in range(context.scale.slow_runs):
        context.progress("CPU of collections' commands, run %d" % (run + 1))
        runs.measure()
    for test, samples in runs.samples.items():
        name = "CPU per %s, pipeline %d" % (test, WORKS[test].pipeline)
        if test in runs.failures:
            context.fail(name, CPU_BAR, runs.failures[test])
        else:
            context.report.add(name, samples[0], MICROSECONDS, CPU_BAR)


# ---- memory of elements -----------------------------------------------------

def one_big(count: int) -> Dict[str, Callable[[], Fill]]:
    """Commands that fill one collection of each type."""
    return {
        "set": lambda: elements(["SADD", "k"], count, lambda number: ("member:%07d" % number,)),
        "hash": lambda: elements(["HSET", "k"], count, lambda number: ("field:%07d" % number, "v%015d" % number)),
        "sorted set": lambda: elements(["ZADD", "k"], count, lambda number: (number, "member:%07d" % number)),
        "list": lambda: elements(["RPUSH", "k"], count, lambda number: ("element:%07d" % number,)),
        "stream": lambda: (["XADD", "k", "*", "field", "v%015d" % number] for number in range(count)),
    }


def many_small(count: int) -> Dict[str, Callable[[], Fill]]:
    """Commands that fill many collections of ten elements of each type."""
    ten = range(10)
    return {
        "set": lambda: (["SADD", "k%06d" % key, *("member:%d" % number for number in ten)] for key in range(count)),
        "hash": lambda: (["HSET", "k%06d" % key, *(part for number in ten for part in ("field:%d" % number, "value"))]
                         for key in range(count)),
        "sorted set": lambda: (["ZADD", "k%06d" % key, *(part for number in ten
                                                         for part in (number, "member:%d" % number))]
                               for key in range(count)),
        "list": lambda: (["RPUSH", "k%06d" % key, *("element:%d" % number for number in ten)]
                         for key in range(count)),
        "stream": lambda: (["XADD", "k%06d" % key, "*", "field", "v%d" % number]
                           for key in range(count) for number in ten),
    }


def element_memory(context: Context) -> None:
    """Growth of VmRSS per element: of one big collection, and of many small ones."""
    count = context.scale.memory_elements
    small = count // 10
    measure_elements(context, "of a %s of {:,}".format(count), one_big(count), count)
    measure_elements(context, "of {:,} %ss of 10".format(small), many_small(small), count)


def measure_elements(context: Context, what: str, fills: Dict[str, Callable[[], Fill]], count: int) -> None:
    """A row for each type."""
    for kind, commands in fills.items():
        name = "resident bytes per element " + what % kind

        def take(role: str) -> float:
            with running(context.programs[role], context.cores) as server:
                before = server.resident_bytes()
                with server.connect() as connection:
                    fill(connection, commands())
                time.sleep(context.scale.memory_settle)
                return (server.resident_bytes() - before) / count

        try:
            context.report.add(name, context.collect(name, 1, take), BYTES, MEMORY_BAR)
        except RoleFailure as failure:
            context.fail(name, MEMORY_BAR, failure)


# ---- a huge hash ------------------------------------------------------------

def huge_hash(context: Context) -> None:
    """p99.9 of a client's GETs, ms, while another builds a hash, reads it whole, and deletes it."""
    fields = context.scale.hash_fields
    try:
        results = context.collect("GETs beside a huge hash", 1,
                                  lambda role: gets_beside_hash(context, role, fields))
    except RoleFailure as failure:
        return context.fail("p99.9 GET beside a huge hash", WAIT_BAR, failure)
    for phase in ("built", "read whole", "deleted"):
        name = "p99.9 GET while a hash of %gM fields is %s" % (fields / 1e6, phase)
        samples = {role: [percentile(result[phase], 99.9) for result in results[role]] for role in ROLES}
        context.report.add(name, samples, MILLISECONDS, WAIT_BAR)


def gets_beside_hash(context: Context, role: str, fields: int) -> Dict[str, List[float]]:
    """Round trips of GETs on a fresh server, by what happens to the hash meanwhile."""
    waits: Dict[str, List[float]] = {}
    with running(context.programs[role], context.cores) as server, server.connect() as connection:
        connection.call("SET", "key", "value")
        worker = subprocess.Popen([sys.executable, "-B", HASH_WORKER, str(server.port), str(fields)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        os.sched_setaffinity(worker.pid, {context.cores.helper})
        try:
            with undisturbed() as preferred:
                if not preferred:
                    os.sched_setscheduler(worker.pid, os.SCHED_IDLE, os.sched_param(0))
                for phase in ("built", "read whole", "deleted"):
                    worker.stdin.write("go\n")
                    waits[phase] = get_until(connection, worker)
        finally:
            worker.kill()
            worker.communicate(timeout=HELPER_STOP_TIMEOUT)
    return waits


def get_until(connection: Connection, worker: subprocess.Popen) -> List[float]:
    """Round trips of GETs until the worker says that it is done."""
    waits: List[float] = []
    deadline = time.monotonic() + HASH_TIMEOUT
    while not select.select([worker.stdout], [], [], 0)[0]:
        sent = time.perf_counter()
        connection.call("GET", "key")
        waits.append((time.perf_counter() - sent) * 1_000)
        if time.monotonic() > deadline:
            raise BenchError("the hash took more than %d s" % HASH_TIMEOUT)
        time.sleep(PAUSE_LEAST)
    answer = worker.stdout.readline()
    if answer != "done\n":
        raise BenchError("the hash failed: %s" % answer.strip())
    return waits
