"""Checks with redis-benchmark: it has to come to its end, without a word of complaint."""

from __future__ import annotations

import re
import shutil
from typing import Iterator, List

from checks import ALL_CHECKS, Checks, Result, expect, expect_equal, fresh_connection, run
from servers import Server

PROGRAM = "redis-benchmark"

REQUESTS = 2000

FIGURE = re.compile(r": [1-9][\d.]* requests per second")

COMPLAINT = re.compile(r"[Ee]rror|Could not")
"""It warns if it cannot fetch the server's configuration, and that makes it print less."""

check = Checks()


def results(server: Server) -> Iterator[Result]:
    """All checks with redis-benchmark."""
    if shutil.which(PROGRAM) is None:
        yield Result("skip", ALL_CHECKS, PROGRAM + " is not installed")
        return
    yield from check.results(server)


def _benchmark(server: Server, *options: str) -> List[str]:
    """The result lines of a run in quiet mode."""
    output = run([PROGRAM, "-h", "127.0.0.1", "-p", str(server.port), "-q", "-n", str(REQUESTS), *options])
    expect_equal(output.status, 0, "exit status (%s)" % output.err.strip()[-200:])
    complaint = COMPLAINT.search(output.err + output.out)
    expect(complaint is None, "it complains: %r", (output.err + output.out)[-300:])
    # In between stand progress lines, each overwriting the one before.
    return [line for line in output.lines if FIGURE.search(line)]


@check
def pipelined(server: Server) -> None:
    """-t ping,set,get,incr,mset -P 16."""
    connection = fresh_connection(server.port)
    lines = _benchmark(server, "-t", "ping,set,get,incr,mset", "-P", "16")
    expect_equal(len(lines), 6, "number of result lines")
    expect_equal(connection.call("GET", "counter:__rand_int__").text, b"%d" % REQUESTS, "the counter")


@check
def one_by_one(server: Server) -> None:
    """-t set,get, one request at a time on 50 connections."""
    fresh_connection(server.port)
    expect_equal(len(_benchmark(server, "-t", "set,get")), 2, "number of result lines")


@check
def resp3(server: Server) -> None:
    """-3."""
    fresh_connection(server.port)
    expect_equal(len(_benchmark(server, "-3", "-t", "set,get,incr", "-P", "4")), 3, "number of result lines")


@check
def threads(server: Server) -> None:
    """--threads 2."""
    connection = fresh_connection(server.port)
    _benchmark(server, "--threads", "2", "-t", "incr", "-P", "16", "-c", "20")
    counted = int(connection.call("GET", "counter:__rand_int__").text)
    expect(counted >= REQUESTS, "%d increments instead of %d", counted, REQUESTS)


@check
def random_keys(server: Server) -> None:
    """-r with values of 1 kB."""
    connection = fresh_connection(server.port)
    _benchmark(server, "-r", "1000", "-t", "set,get", "-d", "1024", "-P", "8")
    keys = int(connection.call("DBSIZE").text)
    expect(500 < keys <= 1000, "%d keys of 1000 possible ones", keys)


@check
def reconnecting(server: Server) -> None:
    """-k 0: a connection for each request."""
    fresh_connection(server.port)
    _benchmark(server, "-k", "0", "-t", "ping_mbulk", "-c", "10")


@check
def own_command(server: Server) -> None:
    """A command of one's own, in another database."""
    connection = fresh_connection(server.port)
    _benchmark(server, "--dbnum", "5", "-P", "10", "APPEND", "log", "0123456789")
    connection.call("SELECT", 5)
    expect_equal(connection.call("STRLEN", "log").text, b"%d" % (REQUESTS * 10), "length of the log")
