"""Measures under redis-benchmark: CPU per request, and throughput."""

from __future__ import annotations

import csv
import subprocess
from typing import Dict, List, Sequence

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
THROUGHPUT_BAR = at_least_ratio(1.0)
THROUGHPUT_PIPELINES = (1, 16)
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


class TestRuns:
    """Tests at one pipeline depth on both servers, run after run.

    A run takes fresh servers, as the place a process gets in memory makes it a
    few percent faster or slower for all its life. Within a run each test is cut
    into slices and the servers take turns at them, so that a spell of noise on
    the machine hits both.
    """

    slices = 2

    def __init__(self, context: Context, pipeline: int, tests: Sequence[str]):
        self.context = context
        self.pipeline = pipeline
        self.samples: Dict[str, Samples] = {test: new_samples() for test in tests}
        self.failures: Dict[str, RoleFailure] = {}

    def prepare(self, server: Server) -> None:
        """Done to a server just started."""

    def requests(self, test: str) -> int:
        """How many requests a run of the test makes."""
        raise NotImplementedError

    def cost(self, server: Server, test: str, requests: int) -> float:
        """Runs one slice of a test; what it took."""
        raise NotImplementedError

    def figure(self, cost: float, requests: int) -> float:
        """The figure for all slices, from what they took in sum."""
        raise NotImplementedError

    def measure(self) -> None:
        """One run of every test."""
        with Pair(self.context.programs, self.context.cores, self.prepare) as pair:
            for test in self.samples:
                if test not in self.failures:
                    self._measure_test(pair, test)

    def _measure_test(self, pair: Pair, test: str) -> None:
        requests = self.requests(test) // self.slices
        costs = {role: 0.0 for role in ROLES}
        for role in alternate(self.slices):
            try:
                costs[role] += self.cost(pair.ready(role), test, requests)
            except SERVER_TROUBLE as error:
                self.failures[test] = RoleFailure(role, pair.servers[role].explain(error))
                pair.restart(role)
                return
        for role in ROLES:
            self.samples[test][role].append(self.figure(costs[role], requests * self.slices))

    def report(self, what: str, unit: Unit, bar: Bar) -> None:
        """All runs, and a row `what TEST` for each test."""
        for run in range(self.context.scale.runs):
            self.context.progress("%s ..., pipeline %d, run %d" % (what, self.pipeline, run + 1))
            self.measure()
        for test, samples in self.samples.items():
            name = "%s %s, pipeline %d" % (what, test.upper(), self.pipeline)
            if test in self.failures:
                self.context.fail(name, bar, self.failures[test])
            else:
                self.context.report.add(name, samples, unit, bar)


class CpuRuns(TestRuns):
    """Server CPU per request in µs, with every key asked for stored before."""

    slices = 4

    def prepare(self, server: Server) -> None:
        with server.connect() as connection:
            connection.load(set_chunks(KEYSPACE, PREFILL_DEPTH, BENCHMARK_KEY))

    def requests(self, test: str) -> int:
        return self.context.scale.cpu_requests[self.pipeline]

    def cost(self, server: Server, test: str, requests: int) -> float:
        before = server.cpu_ns()
        run_benchmark(self.context, server.port, test, requests, self.pipeline,
                      ["-d", str(VALUE_BYTES)])
        return server.cpu_ns() - before

    def figure(self, cost: float, requests: int) -> float:
        return cost / requests / 1_000


class ThroughputRuns(TestRuns):
    """Requests per second, as redis-benchmark reports them."""

    def requests(self, test: str) -> int:
        return self.context.scale.throughput_n(test, self.pipeline)

    def cost(self, server: Server, test: str, requests: int) -> float:
        return requests / run_benchmark(self.context, server.port, test, requests,
                                        self.pipeline, [])

    def figure(self, cost: float, requests: int) -> float:
        return requests / cost


def cpu_per_request(context: Context, pipeline: int) -> None:
    """Server CPU per GET and per SET, µs: 50 clients, 16-byte values.

    The server's own CPU time, user and system over all threads, before and
    after a run of redis-benchmark, divided by the number of requests.
    """
    bar = at_most_ratio(CPU_BARS[pipeline])
    CpuRuns(context, pipeline, CPU_TESTS).report("CPU per", MICROSECONDS, bar)


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
        context.report.note("throughput of %s skipped: unknown command (%s)"
                            % (test.upper(), ", ".join(roles)))
    return [test for test in TESTS if test not in missing]


def throughput(context: Context) -> None:
    """Requests per second of every redis-benchmark test, 50 clients.

    As redis-benchmark reports it, with random keys and its default 3-byte
    values. Bigger is better, also in the ratio.
    """
    tests = available_tests(context)
    for pipeline in THROUGHPUT_PIPELINES:
        ThroughputRuns(context, pipeline, tests).report(
            "throughput of", PER_SECOND, THROUGHPUT_BAR)
