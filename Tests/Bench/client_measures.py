"""Measures of the client library, beside hiredis."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from typing import List, Optional

from context import Context, RoleFailure
from report import PER_SECOND, at_least_ratio, new_samples
from resp import BenchError
from servers import OURS, PEER, ROLES, SERVER_TROUBLE, Server, alternate, running

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUR_CLIENT = os.path.join(ROOT, ".build", "release", "pipelines")
SOURCE = os.path.join(ROOT, "Tests", "Bench", "Pipelines", "pipelines.c")
BAR = at_least_ratio(0.9)
DEPTHS = (16, 100)
# In each run the clients take turns at so many parts of it.
SLICES = 4
COMPILE_TIMEOUT = 60.0
# A slice lasts a fraction of a second; one that takes this long has hung.
CLIENT_TIMEOUT = 30.0


def client_pipelines(context: Context) -> None:
    """Requests per second of one connection that sends pipeline after pipeline.

    A SET and a GET in turn, of a thousand keys with 16-byte values. The peer is not a server here but
    hiredis, the C client, in its fastest form; both talk to our server. Bigger is better.
    """
    if not os.path.exists(OUR_CLIENT):
        raise BenchError("%s is missing: make bench builds it" % OUR_CLIENT)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        peer = _compiled(folder)
        if peer is None:
            context.report.note("the client beside hiredis skipped: no C compiler, or no hiredis to "
                                "compile with (Debian: libhiredis-dev)")
            return
        programs = {OURS: OUR_CLIENT, PEER: peer}
        for depth in DEPTHS:
            name = "client beside hiredis, pipeline %d" % depth
            samples = new_samples()
            try:
                for run in range(context.scale.runs):
                    context.progress("%s, run %d" % (name, run + 1))
                    _run(context, programs, depth, samples)
            except RoleFailure as failure:
                context.fail(name, BAR, failure)
            else:
                context.report.add(name, samples, PER_SECOND, BAR)


def _run(context: Context, programs, depth: int, samples) -> None:
    """One run of both clients against a fresh server."""
    requests = context.scale.client_requests[depth] // SLICES
    seconds = {role: 0.0 for role in ROLES}
    with running(context.programs[OURS], context.cores) as server:
        for role in alternate(SLICES):
            try:
                seconds[role] += requests / _rate(programs[role], server, depth, requests)
            except SERVER_TROUBLE as error:
                raise RoleFailure(role, error) from error
    for role in ROLES:
        samples[role].append(requests * SLICES / seconds[role])


def _rate(program: str, server: Server, depth: int, requests: int) -> float:
    """The requests per second that a client reports; it runs on the clients' core, as this does."""
    done = subprocess.run([program, str(server.port), str(depth), str(requests)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=CLIENT_TIMEOUT, check=False)
    if done.returncode != 0:
        output = (done.stderr + done.stdout).strip().splitlines() or ["no output"]
        raise BenchError("%s ended with %d: %s" % (os.path.basename(program), done.returncode, output[0]))
    return float(done.stdout)


def _compiled(folder: str) -> Optional[str]:
    """The C client, compiled; None where it can't be."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    flags = _library_flags()
    if compiler is None or flags is None:
        return None
    program = os.path.join(folder, "pipelines")
    done = subprocess.run([compiler, "-std=gnu11", "-O2", "-o", program, SOURCE, *flags],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=COMPILE_TIMEOUT, check=False)
    if done.returncode != 0:
        raise BenchError("pipelines.c does not compile: %s" % done.stdout.decode(errors="replace")[:200])
    return program


def _library_flags() -> Optional[List[str]]:
    """What the compiler needs for hiredis; None where it is not installed.

    The environment variable HIREDIS_FLAGS names another one than the system's, such as a newer build.
    """
    if "HIREDIS_FLAGS" in os.environ:
        return shlex.split(os.environ["HIREDIS_FLAGS"])
    return ["-lhiredis"] if os.path.exists("/usr/include/hiredis/hiredis.h") else None
