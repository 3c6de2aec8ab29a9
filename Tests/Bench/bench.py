#!/usr/bin/env python3
"""Compares this server with redis-server: CPU, throughput, memory, latency.

Both servers run on this machine, on loopback and without persistence, and take
turns; figures are medians over the runs. Each measure has a bar that ours is
to meet. Linux only: memory and CPU are read from the kernel's accounts.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True  # Before the modules here are imported: leave none behind.

import argparse
import dataclasses
import os
import platform
import shlex
import shutil
import signal
import time
from typing import Callable, Dict, List, NamedTuple, Optional

from client_measures import client_pipelines
from context import Context
from latency_measures import expiry, ping_waits, startup
from load_measures import CPU_BARS, cpu_per_request
from memory_measures import connection_memory, key_memory
from publish_measures import publishing, stalled_memory
from report import Report, has_marks, write_between_marks
from resp import BenchError
from scale import FULL, QUICK, Scale
from servers import OURS, PEER, ROLES, Cores, Program, raise_file_limit, running
from type_measures import DEPTHS, command_cpu, default_tests, element_memory, huge_hash

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEFAULT_OURS = os.path.join(ROOT, ".build", "release", "mini-redis-server")
DEFAULT_PEER = "redis-server"
EXIT_UNMET, EXIT_BROKEN = 1, 2
MAX_RUNS = 100
# With more of the machine than this in use by others, figures may mislead.
QUIET_PERCENT = 5.0


class Measure(NamedTuple):
    """A measure by the name it has for --only."""

    name: str
    help: str
    take: Callable[[Context], None]


def measures() -> List[Measure]:
    """All measures in the order they are taken and printed."""
    cpu = [Measure("cpu-p%d" % depth, "server CPU per GET and SET at pipeline %d" % depth,
                   lambda context, depth=depth: cpu_per_request(context, depth))
           for depth in CPU_BARS]
    return cpu + [
        Measure("tests-p%d" % depth, "throughput and server CPU of the redis-benchmark tests at pipeline %d" % depth,
                lambda context, depth=depth: default_tests(context, depth))
        for depth in DEPTHS
    ] + [
        Measure("commands", "server CPU of commands on collections", command_cpu),
        Measure("element-memory", "resident bytes per element of collections", element_memory),
        Measure("huge-hash", "GETs while a huge hash is built, read and deleted", huge_hash),
        Measure("publish", "server CPU per message and subscriber", publishing),
        Measure("key-memory", "resident bytes per key, and what a TTL adds", key_memory),
        Measure("expiry-lag", "lag of expired events behind their deadlines", expiry),
        Measure("ping-waits", "longest wait of a PING: idle, loading, FLUSHALL", ping_waits),
        Measure("connection-memory", "resident bytes per idle connection", connection_memory),
        Measure("stalled-memory", "peak bytes per subscriber that never reads", stalled_memory),
        Measure("client", "requests per second of the client library and of hiredis", client_pipelines),
        Measure("startup", "start of the process to the first PONG", startup),
    ]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", default=DEFAULT_OURS, metavar="PATH", help="our server")
    parser.add_argument("--peer", default=DEFAULT_PEER, metavar="PATH",
                        help="the server compared with (default: %(default)s)")
    parser.add_argument("--ours-args", default="", metavar="ARGS", help="more options for ours")
    parser.add_argument("--peer-args", default="", metavar="ARGS", help="more options for the peer")
    parser.add_argument("--benchmark", default="redis-benchmark", metavar="PATH",
                        help="the load generator (default: %(default)s)")
    parser.add_argument("--runs", type=int, metavar="N",
                        help="alternating runs (default: %d, or %d with --quick; the measures "
                             "that store millions of keys take at most %d)"
                             % (FULL.runs, QUICK.runs, FULL.slow_runs))
    parser.add_argument("--only", default="", metavar="NAME,NAME", help="only these measures")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer runs")
    parser.add_argument("--markdown", metavar="FILE",
                        help="also write the table between the marks in this file")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a bar is not met")
    parser.add_argument("--list", action="store_true", help="list the measures and exit")
    return parser.parse_args()


def choose_measures(names: str) -> List[Measure]:
    """The measures named, in their usual order; all if none is named."""
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    everything = measures()
    unknown = wanted - {measure.name for measure in everything}
    if unknown:
        raise BenchError("no such measure: %s (see --list)" % ", ".join(sorted(unknown)))
    return [measure for measure in everything if not wanted or measure.name in wanted]


def choose_scale(quick: bool, runs: Optional[int]) -> Scale:
    scale = QUICK if quick else FULL
    if runs is None:
        return scale
    if not 1 <= runs <= MAX_RUNS:
        raise BenchError("--runs must be between 1 and %d" % MAX_RUNS)
    return dataclasses.replace(scale, runs=runs, slow_runs=min(runs, FULL.slow_runs))


def find_program(path: str, what: str) -> str:
    """The absolute path of a program given by path or by name."""
    found = shutil.which(path)
    if found is None:
        raise BenchError("%s not found: %s" % (what, path))
    return os.path.abspath(found)


def cpu_model() -> str:
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    return platform.machine()


def reported_versions(context: Context) -> Dict[str, str]:
    """redis_version by role; starting both also shows that they can."""
    versions = {}
    for role in ROLES:
        with running(context.programs[role], context.cores) as server:
            try:
                versions[role] = server.info_version()
            except BenchError:
                versions[role] = "unknown"
    return versions


def describe_machine(context: Context, versions: Dict[str, str], quick: bool) -> List[str]:
    """What was compared, where and when."""
    lines = ["%s, %d cores, Linux %s, %s; %s" % (
        cpu_model(), os.cpu_count() or 1, platform.release(),
        time.strftime("%Y-%m-%d"),
        "; ".join("%s: %s (INFO: redis_version %s)" % (
            role, context.programs[role].version_line(), versions[role]) for role in ROLES))]
    scale = context.scale
    lines.append("Loopback, persistence off. Medians of %d alternating runs (%d for memory, expiry "
                 "and PING waits, %d starts)%s; ratio is ours to the peer's. \"Met?\" goes by the "
                 "medians; (n of m) counts the runs that reach the bar, where they disagree." % (
                     scale.runs, scale.slow_runs, scale.starts,
                     ", quick sizes" if quick else ""))
    if context.cores.server == context.cores.client:
        lines.append("Only one core: server and clients share it.")
    return ["%s  " % line for line in lines[:-1]] + lines[-1:]


class MachineLoad:
    """How much of the machine others used during a run."""

    def __init__(self) -> None:
        self.before = self._ticks()

    @staticmethod
    def _ticks() -> Dict[str, float]:
        """Seconds since boot: all cores' total, busy and stolen, and our own."""
        with open("/proc/stat") as stat:
            ticks = [int(word) for word in stat.readline().split()[1:9]]
        total, idle, steal = sum(ticks), ticks[3] + ticks[4], ticks[7]
        own = sum(os.times()[:4]) * os.sysconf("SC_CLK_TCK")
        return {"total": total, "others": total - idle - steal - own, "steal": steal}

    def describe(self) -> str:
        """To be called when all servers have ended, so that they count as ours."""
        after = self._ticks()
        total = max(1.0, after["total"] - self.before["total"])
        share = {key: max(0.0, 100 * (after[key] - self.before[key]) / total)
                 for key in ("others", "steal")}
        text = ("during the run, other processes used %.0f %% of the machine and its "
                "hypervisor took %.0f %%" % (share["others"], share["steal"]))
        if sum(share.values()) > QUIET_PERCENT:
            text += ": too busy for figures of throughput and waits to be relied on"
        return text


def end_on_signals() -> None:
    """Makes the usual signals unwind the stack, which ends every server."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def leave(number: int, _frame: object) -> None:
        for later in numbers:  # A second one must not interrupt the cleaning up.
            signal.signal(later, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in numbers:
        signal.signal(number, leave)


def prepare(options: argparse.Namespace) -> Context:
    """Checks everything that can be checked before the first measure."""
    if options.markdown and not (os.path.isfile(options.markdown) and has_marks(options.markdown)):
        raise BenchError("%s has no bench:begin and bench:end marks" % options.markdown)
    programs = {
        OURS: Program(OURS, find_program(options.ours, "our server"), shlex.split(options.ours_args)),
        PEER: Program(PEER, find_program(options.peer, "the peer"), shlex.split(options.peer_args)),
    }
    cores = Cores.choose()
    context = Context(programs, cores, choose_scale(options.quick, options.runs),
                      find_program(options.benchmark, "the load generator"), raise_file_limit())
    os.sched_setaffinity(0, {cores.client})
    return context


def run(options: argparse.Namespace) -> Report:
    """Takes the measures, prints the table and returns it."""
    chosen = choose_measures(options.only)
    context = prepare(options)
    versions = reported_versions(context)
    load = MachineLoad()
    for measure in chosen:
        measure.take(context)
    context.report.note(load.describe())
    block = context.report.markdown("Redis " + versions[PEER],
                                    describe_machine(context, versions, options.quick))
    print(block)
    print()
    print(context.report.summary())
    if options.markdown:
        write_between_marks(options.markdown, block + "\n\n" + context.report.summary())
    return context.report


def main() -> int:
    options = parse_arguments()
    if options.list:
        for measure in measures():
            print("%-18s %s" % (measure.name, measure.help))
        return 0
    end_on_signals()
    try:
        report = run(options)
    except BenchError as error:
        print("bench: %s" % error, file=sys.stderr)
        return EXIT_BROKEN
    return EXIT_UNMET if options.strict and report.failed() else 0


if __name__ == "__main__":
    sys.exit(main())
