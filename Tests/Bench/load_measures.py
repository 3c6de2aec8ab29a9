"""Measures under redis-benchmark: CPU per request, and throughput."""

from __future__ import annotations

import csv
import subprocess
from typing import Callable, Dict, List, NamedTuple, Sequence

from context import Context, RoleFailure
from report import (MICROSECONDS, PER_SECOND, Bar, Samples, Unit, at_least_ratio, at_most_ratio,
                    new_samples)
from resp import LOOPBACK, BenchError, ErrorReply, set_chunks
from servers import ROLES, SERVER_TROUBLE, Pair, Server, alternate, running

CLIENTS = 50
KEYSPACE = 100_000
VALUE_BYTES = 16
# redis-benchmark writes its random keys as `key:` and twelve digits.
BENCHMARK_KEY = b"key:%012d"
PREFILL_DEPTH = 1_000
# A run lasts a few seconds; one that takes this long has hung.
BENCHMARK_TIMEOUT = 60.0

CPU_TESTS = ("get", "set")
# Highest ratio of CPU per request to the peer's, by pipeline depth.
CPU_BARS = {1: 1.05, 16: 0.90, 100: 0.80}
# The tests of redis-benchmark in its own order (later ones use what earlier
# ones stored), and the commands each needs.
TESTS: Dict[str, List[str]] = {
    "ping_inline": ["PING"], "ping_mbulk": ["PING"],
    "set": ["SET"], "get": ["GET"], "incr": ["INCR"],
    "lpush": ["LPUSH"], "rpush": ["RPUSH"], "lpop": ["LPOP"], "rpop": ["RPOP"],
    "sadd": ["SADD"], "hset": ["HSET"], "spop": ["SPOP"],
    "zadd": ["ZADD"], "zpopmin": ["ZPOPMIN"],
    "lrange_100": ["LPUSH", "LRANGE"], "lrange_300": ["LPUSH", "LRANGE"],
    "lrange_500": ["LPUSH", "LRANGE"], "lrange_600": ["LPUSH", "LRANGE"],
    "mset": ["MSET"],
}


def run_benchmark(context: Context, port: int, test: str, requests: int,
                  pipeline: int, options: List[str]) -> float:
    """One redis-benchmark test; the requests per second it reports."""
    command = [context.benchmark, "-h", LOOPBACK, "-p", str(port), "-c", str(CLIENTS),
               "-n", str(requests), "-P", str(pipeline), "-r", str(KEYSPACE),
               "-t", test, "--csv", *options]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, timeout=BENCHMARK_TIMEOUT)
    rows = [row for row in csv.reader(result.stdout.splitlines()) if len(row) > 1]
    # The last row is the test's; a row of its preparation may come before it.
    if result.returncode != 0 or len(rows) < 2:
        output = (result.stderr + result.stdout).strip().splitlines() or ["no output"]
        raise BenchError("redis-benchmark ended with %d: %s" % (result.returncode, output[0]))
    return float(rows[-1][1])


class Cost(NamedTuple):
    """What requests took: the load generator's time, and the server's CPU."""

    seconds: float
    cpu_ns: int

    def __add__(self, other: Cost) -> Cost:  # type: ignore[override]
        return Cost(self.seconds + other.seconds, self.cpu_ns + other.cpu_ns)


class Column(NamedTuple):
    """A figure that is made of what requests took, and its bar."""

    what: str
    unit: Unit
    bar: Bar
    figure: Callable[[Cost, int], float]


THROUGHPUT = Column("throughput of", PER_SECOND, at_least_ratio(1.0),
                    lambda cost, requests: requests / cost.seconds)


def cpu_column(bar: Bar) -> Column:
    return Column("CPU per", MICROSECONDS, bar, lambda cost, requests: cost.cpu_ns / requests / 1_000)


class TestRuns:
    """Tests at one pipeline depth on both servers, run after run.

    A run takes fresh servers, as the place a process gets in memory makes it a
    few percent faster or slower for all its life. Within a run each test is cut
    into slices and the servers take turns at them, so that a spell of noise on
    the machine hits both.
    """

    slices = 4
    # More options of redis-benchmark.
    options: Sequence[str] = ()

    def __init__(self, context: Context, pipeline: int, tests: Sequence[str], columns: Sequence[Column]):
        self.context = context
        self.pipeline = pipeline
        self.columns = columns
        # For each test one row of samples for each column.
        self.samples: Dict[str, List[Samples]] = {test: [new_samples() for _ in columns] for test in tests}
        self.failures: Dict[str, RoleFailure] = {}

    def prepare(self, server: Server) -> None:
        """Done to a server just started."""

    def requests(self, test: str) -> int:
        """How many requests a run of the test makes."""
        raise NotImplementedError

    def cost(self, server: Server, test: str, requests: int) -> Cost:
        """Runs one slice of a test; what it took."""
        before = server.cpu_ns()
        rate = run_benchmark(self.context, server.port, test, requests, self.pipeline, list(self.options))
        return Cost(requests / rate, server.cpu_ns() - before)

    def measure(self) -> None:
        """One run of every test."""
        with Pair(self.context.programs, self.context.cores, self.prepare) as pair:
            for test in self.samples:
                if test not in self.failures:
                    self._measure_test(pair, test)

    def _measure_test(self, pair: Pair, test: str) -> None:
        requests = self.requests(test) // self.slices
        costs = {role: Cost(0.0, 0) for role in ROLES}
        for role in alternate(self.slices):
            try:
                costs[role] = costs[role] + self.cost(pair.ready(role), test, requests)
            except SERVER_TROUBLE as error:
                self.failures[test] = RoleFailure(role, pair.servers[role].explain(error))
                pair.restart(role)
                return
        for column, samples in zip(self.columns, self.samples[test]):
            for role in ROLES:
                samples[role].append(column.figure(costs[role], requests * self.slices))

    def report(self) -> None:
        """All runs, and for each column a row for each test."""
        for run in range(self.context.scale.runs):
            self.context.progress("redis-benchmark, pipeline %d, run %d" % (self.pipeline, run + 1))
            self.measure()
        for number, column in enumerate(self.columns):
            for test, samples in self.samples.items():
                name = "%s %s, pipeline %d" % (column.what, test.upper(), self.pipeline)
                if test in self.failures:
                    self.context.fail(name, column.bar, self.failures[test])
                else:
                    self.context.report.add(name, samples[number], column.unit, column.bar)


class FilledRuns(TestRuns):
    """With every key asked for stored before."""

    options = ("-d", str(VALUE_BYTES))

    def prepare(self, server: Server) -> None:
        with server.connect() as connection:
            connection.load(set_chunks(KEYSPACE, PREFILL_DEPTH, BENCHMARK_KEY))

    def requests(self, test: str) -> int:
        return self.context.scale.cpu_requests[self.pipeline]


def cpu_per_request(context: Context, pipeline: int) -> None:
    """Server CPU per GET and per SET, µs: 50 clients, 16-byte values.

    The server's own CPU time, user and system over all threads, before and
    after a run of redis-benchmark, divided by the number of requests.
    """
    bar = at_most_ratio(CPU_BARS[pipeline])
    FilledRuns(context, pipeline, CPU_TESTS, [cpu_column(bar)]).report()


def knows(server: Server, command: str) -> bool:
    """False if the server answers the bare command with `unknown command`."""
    with server.connect() as connection:
        try:
            connection.call(command)
        except ErrorReply as error:
            return "unknown command" not in str(error).lower()
    return True


def available_tests(context: Context) -> List[str]:
    """The tests whose commands both servers have; the others go to the notes."""
    missing: Dict[str, List[str]] = {}
    for role in ROLES:
        with running(context.programs[role], context.cores) as server:
            for test, commands in TESTS.items():
                if not all(knows(server, command) for command in commands):
                    missing.setdefault(test, []).append(role)
    for test, roles in missing.items():
        context.report.note("%s skipped: unknown command (%s)"
                            % (test.upper(), ", ".join(roles)))
    return [test for test in TESTS if test not in missing]
