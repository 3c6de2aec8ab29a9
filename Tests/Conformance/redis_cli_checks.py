"""Checks with redis-cli: its output formats, its special modes, its ways of connecting."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
from typing import Callable, Iterator, List, Optional

from checks import (ALL_CHECKS, Checks, Output, Result, client_environment, expect, expect_equal, expect_match,
                    fresh_connection, run)
from servers import Server
from terminal import Terminal
from wire import Connection

PASSWORD = "open sesame"

PIPED_COMMANDS = 10_000

STREAM_TIMEOUT = 10.0
"""Seconds until a mode that never ends by itself must have printed what is waited for."""

PROGRAM = "redis-cli"

check = Checks()


class Client:
    """redis-cli, pointed at one server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def command(self, *arguments: str) -> List[str]:
        """The command line."""
        return [PROGRAM, "-h", "127.0.0.1", "-p", str(self.server.port), *arguments]

    def run(self, *arguments: str, stdin: Optional[bytes] = None) -> Output:
        """A run to its end."""
        return run(self.command(*arguments), stdin)

    def first_lines(self, count: int, *arguments: str, trigger: Optional[Callable[[], None]] = None) -> List[str]:
        """The first lines of a run without end; `trigger` is called once the first line is there."""
        process = subprocess.Popen(self.command(*arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env=client_environment())
        watchdog = _killer(process, STREAM_TIMEOUT)
        lines: List[str] = []
        try:
            assert process.stdout is not None
            while len(lines) < count:
                line = process.stdout.readline()
                expect(line, "%s ended after %r", " ".join(arguments), lines)
                lines.append(line.decode(errors="replace").rstrip("\n"))
                if trigger and len(lines) == 1:
                    trigger()
        finally:
            watchdog.cancel()
            process.kill()
            process.communicate()
        return lines


def _killer(process: "subprocess.Popen[bytes]", seconds: float) -> threading.Timer:
    """A timer that ends a process which prints too little."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    return timer


def results(server: Server) -> Iterator[Result]:
    """All checks with redis-cli."""
    if shutil.which(PROGRAM) is None:
        yield Result("skip", ALL_CHECKS, PROGRAM + " is not installed")
        return
    yield from check.results(Client(server))


@check
def plain_commands(client: Client) -> None:
    """SET, GET and INCR, raw output."""
    fresh_connection(client.server.port)
    expect_equal(client.run("SET", "a", "one two").out, "OK\n")
    expect_equal(client.run("GET", "a").out, "one two\n")
    expect_equal(client.run("INCR", "n").out, "1\n")
    expect_equal(client.run("GET", "missing").out, "\n")


@check
def formatted(client: Client) -> None:
    """--no-raw, RESP2."""
    fresh_connection(client.server.port).call("SET", "a", b"x\r\n\x00\"")
    expect_equal(client.run("--no-raw", "GET", "a").out, '"x\\r\\n\\x00\\""\n')
    expect_equal(client.run("--no-raw", "GET", "missing").out, "(nil)\n")
    expect_equal(client.run("--no-raw", "MGET", "missing", "a").lines[0], "1) (nil)")
    expect_equal(client.run("--no-raw", "STRLEN", "a").out, "(integer) 5\n")
    expect_equal(client.run("--no-raw", "INCR", "a").out, "(error) ERR value is not an integer or out of range\n")


@check
def resp3(client: Client) -> None:
    """-3: maps are shown as maps."""
    expect_equal(client.run("-3", "--no-raw", "CONFIG", "GET", "maxmemory").out, '1# "maxmemory" => "0"\n')
    expect_match(r'"proto" => \(integer\) 3', client.run("-3", "--no-raw", "HELLO").out)


@check
def csv(client: Client) -> None:
    """--csv."""
    fresh_connection(client.server.port).call("MSET", "a", "x,\"y", "b", "2")
    expect_equal(client.run("--csv", "MGET", "a", "b", "c").out.strip(), '"x,\\"y","2",NULL')


@check
def as_json(client: Client) -> None:
    """--json and --quoted-json."""
    fresh_connection(client.server.port).call("MSET", "a", "\u00e9\"", "n", "2")
    expect_equal(json.loads(client.run("--json", "MGET", "a", "n", "c").out), ["\u00e9\"", "2", None])
    expect_equal(json.loads(client.run("--json", "CONFIG", "GET", "maxmemory").out), {"maxmemory": "0"})
    expect_equal(json.loads(client.run("--quoted-json", "GET", "n").out), "2")


@check
def standard_input(client: Client) -> None:
    """-x and -X take an argument from standard input."""
    connection = fresh_connection(client.server.port)
    data = b"line\r\n\x00\xff" * 1000
    expect_equal(client.run("-x", "SET", "a", stdin=data).out, "OK\n")
    expect_equal(connection.call("GET", "a").text, data, "stored value")
    expect_equal(client.run("-X", "tag", "SET", "b", "tag", "NX", stdin=b"x").out, "OK\n")
    expect_equal(connection.call("GET", "b").text, b"x", "stored value")


@check
def commands_from_standard_input(client: Client) -> None:
    """Commands on standard input."""
    fresh_connection(client.server.port)
    output = client.run(stdin=b"SET a \"b\\x41\"\nGET a\n3 INCR n\nFOO\nECHO 'it''s'\nECHO ok\n")
    expect_equal(output.lines[:5], ["OK", "bA", "1", "2", "3"])
    expect_match(r"ERR unknown command 'FOO'", output.out)
    expect_equal(output.lines[-1], "ok")


@check
def repetition(client: Client) -> None:
    """-r and -i."""
    fresh_connection(client.server.port)
    expect_equal(client.run("-r", "3", "-i", "0.01", "INCR", "n").lines, ["1", "2", "3"])


@check
def mass_insertion(client: Client) -> None:
    """--pipe with 10,000 commands."""
    connection = fresh_connection(client.server.port)
    data = b"".join(b"*3\r\n$3\r\nSET\r\n$9\r\nkey:%05d\r\n$5\r\n%05d\r\n" % (n, n) for n in range(PIPED_COMMANDS))
    output = client.run("--pipe", stdin=data)
    expect_match("errors: 0, replies: %d" % PIPED_COMMANDS, output.out)
    expect_equal(output.status, 0, "exit status")
    expect_equal(connection.call("DBSIZE").text, b"%d" % PIPED_COMMANDS, "number of keys")
    output = client.run("--pipe", stdin=b"SET a x\r\nINCR a\r\nSET b y\r\n")
    expect_match("errors: 1, replies: 3", output.out)


@check
def scan(client: Client) -> None:
    """--scan --pattern."""
    connection = fresh_connection(client.server.port)
    for number in range(500):
        connection.call("SET", "key:%d" % number, "x")
    expect_equal(len(set(client.run("--scan").lines)), 500, "number of keys")
    found = client.run("--scan", "--pattern", "key:*7").lines
    expect_equal(sorted(set(found)), sorted("key:%d" % number for number in range(7, 500, 10)))


@check
def big_keys(client: Client) -> None:
    """--bigkeys."""
    connection = fresh_connection(client.server.port)
    connection.call("MSET", "small", "x", "big", "x" * 5000)
    output = client.run("--bigkeys")
    expect_match(r"Sampled 2 keys in the keyspace", output.out)
    expect_match(r'Biggest string found "?\W*big\W*"? has 5000 bytes', output.out)
    expect_equal(output.status, 0, "exit status")


@check
def memory_keys(client: Client) -> None:
    """--memkeys."""
    connection = fresh_connection(client.server.port)
    connection.call("MSET", "small", "x", "big", "x" * 5000)
    output = client.run("--memkeys")
    found = expect_match(r'Biggest string found "?\W*big\W*"? has (\d+) bytes', output.out)
    expect(5000 < int(found.group(1)) < 10000, "5000 bytes are said to take %s", found.group(1))


@check
def hot_keys(client: Client) -> None:
    """--hotkeys."""
    connection = fresh_connection(client.server.port)
    connection.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu")
    try:
        connection.call("MSET", "cold", "x", "hot", "x")
        for _ in range(2000):
            connection.call("GET", "hot")
        output = client.run("--hotkeys")
    finally:
        connection.call("CONFIG", "SET", "maxmemory-policy", "noeviction")
    expect_match(r"hot key found with counter: \d+\s+keyname: \W*hot", output.out)


@check
def stat(client: Client) -> None:
    """--stat prints a header and lines of numbers."""
    fresh_connection(client.server.port).call("SET", "a", "b")
    lines = client.first_lines(4, "--stat", "-i", "0.1")
    expect_match(r"keys\s+mem\s+clients\s+blocked\s+requests\s+connections", lines[1])
    for line in lines[2:4]:
        expect_match(r"^\s*1\s+[\d.]+[BKMG]\s+[1-9]\d*\s+0\s+\d+ \(\+\d+\)\s+\d+", line)


@check
def latency(client: Client) -> None:
    """--latency for a moment."""
    output = client.run("--latency", "-i", "0.3", "--raw")
    numbers = expect_match(r"^(\d+) (\d+) ([\d.]+) (\d+)$", output.out)
    expect(int(numbers.group(4)) > 5, "only %s samples", numbers.group(4))


@check
def information(client: Client) -> None:
    """INFO: the fields that tools look for."""
    fresh_connection(client.server.port).call("SET", "a", "b", "EX", "1000")
    text = client.run("INFO").out
    fields = dict(line.strip().split(":", 1) for line in text.splitlines() if ":" in line)
    for section in ("Server", "Clients", "Memory", "Persistence", "Stats", "Replication", "CPU", "Keyspace"):
        expect_match("^# %s\r?$" % section, text)
    expect_equal(fields["tcp_port"], str(client.server.port), "tcp_port")
    expect_equal(fields["role"], "master", "role")
    expect_match(r"^keys=1,expires=1,avg_ttl=\d+", fields["db0"], "db0")
    for name in ("process_id", "uptime_in_seconds", "connected_clients", "blocked_clients", "used_memory",
                 "used_memory_rss", "total_connections_received", "total_commands_processed",
                 "instantaneous_ops_per_sec", "expired_keys", "evicted_keys", "keyspace_hits", "keyspace_misses"):
        expect_match(r"^\d+$", fields.get(name, "(missing)"), name)
    expect_match(r"^\d+\.\d+\.\d+", fields["redis_version"], "redis_version")


@check
def database(client: Client) -> None:
    """-n 3."""
    connection = fresh_connection(client.server.port)
    expect_equal(client.run("-n", "3", "SET", "a", "x").out, "OK\n")
    expect_equal(connection.call("EXISTS", "a").text, b"0", "EXISTS in database 0")
    connection.call("SELECT", 3)
    expect_equal(connection.call("GET", "a").text, b"x", "value in database 3")


@check
def error_status(client: Client) -> None:
    """-e turns an error reply into an exit status."""
    fresh_connection(client.server.port)
    expect(client.run("-e", "FOO").status != 0, "status 0 after an unknown command")
    expect_equal(client.run("FOO").status, 0, "exit status without -e")
    expect_equal(client.run("-e", "PING").status, 0, "exit status of PING")


@check
def client_list(client: Client) -> None:
    """CLIENT LIST has a line for each client."""
    connection = fresh_connection(client.server.port)
    connection.call("CLIENT", "SETNAME", "observer")
    lines = client.run("CLIENT", "LIST").lines
    mine = [line for line in lines if "name=observer " in line]
    expect_equal(len(mine), 1, "number of lines with this name")
    expect_match(r"^id=\d+ addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:%d fd=\d+ name=observer age=\d+ idle=\d+ "
                 r"flags=N db=0 sub=0 psub=0 .*cmd=client\|setname user=default .*resp=2" % client.server.port, mine[0])
    expect(any("cmd=client|list" in line for line in lines), "redis-cli itself is not in the list")


@check
def subscribing(client: Client) -> None:
    """SUBSCRIBE shows what is published."""
    connection = fresh_connection(client.server.port)
    for protocol in ("-2", "-3"):
        lines = client.first_lines(6, protocol, "SUBSCRIBE", "news",
                                   trigger=lambda: _publish_when_subscribed(connection, "news", "hello"))
        expect_equal(lines, ["subscribe", "news", "1", "message", "news", "hello"], "output with " + protocol)


def _publish_when_subscribed(connection: Connection, channel: str, message: str) -> None:
    """Publishes as soon as somebody listens."""
    deadline = time.monotonic() + STREAM_TIMEOUT
    while connection.call("PUBLISH", channel, message).text != b"1":
        expect(time.monotonic() < deadline, "nobody subscribed")
        time.sleep(0.02)


@check
def interactive_hints(client: Client) -> None:
    """Interactive: a hint appears behind `SET `, and HELP SET explains."""
    docs = fresh_connection(client.server.port).call("COMMAND", "DOCS", "SET")
    expect(docs.items and docs.items[0].text == b"set", "COMMAND DOCS SET has no description: %r", docs.plain())
    facts = {name.text: item.text.decode() for name, item in docs.items[1].pairs()}
    with Terminal(client.command()) as terminal:
        terminal.wait_for(r"127\.0\.0\.1:%d> " % client.server.port)
        terminal.type("SET ")
        terminal.wait_for(r"key value")
        terminal.type("a b\r")
        terminal.wait_for(r"OK")
        terminal.type("HELP SET\r")
        # The client has a description built in as well: the one shown must be the server's.
        terminal.wait_for(r"summary:.*%s.*since:.*1\.0\.0.*group:.*string" % re.escape(facts[b"summary"]))


@check
def interactive_session(client: Client) -> None:
    """Interactive: SELECT changes the prompt, errors and completion work."""
    with Terminal(client.command()) as terminal:
        terminal.wait_for(r"%d> " % client.server.port)
        terminal.type("SELECT 2\r")
        terminal.wait_for(r"OK.*\[2\]> ")
        terminal.type("FOO bar\r")
        terminal.wait_for(r"\(error\) ERR unknown command")
        terminal.type("getra\t")
        terminal.wait_for(r"GETRANGE")
        terminal.type(" a 0 0\r")
        terminal.wait_for(r'""')
        terminal.type("HELLO 3\r")
        terminal.wait_for(r'proto.*=> \(integer\) 3')
        terminal.type("QUIT\r")
        terminal.wait_for_end()


@check
def password(client: Client) -> None:
    """-a, -u and no password on a server that wants one."""
    with Server(client.server.program, "server with a password", ["--requirepass", PASSWORD]) as locked:
        other = Client(locked)
        expect_match("NOAUTH", other.run("GET", "a").out)
        expect_equal(other.run("-a", PASSWORD, "--no-auth-warning", "PING").out, "PONG\n")
        expect_equal(other.run("--user", "default", "-a", PASSWORD, "--no-auth-warning", "PING").out, "PONG\n")
        expect_equal(other.run("-3", "-a", PASSWORD, "--no-auth-warning", "PING").out, "PONG\n")
        wrong = other.run("-a", "wrong", "--no-auth-warning", "PING")
        expect_match("WRONGPASS", wrong.out + wrong.err)
        url = "redis://default:%s@127.0.0.1:%d/2" % (PASSWORD.replace(" ", "%20"), locked.port)
        expect_equal(run([PROGRAM, "--no-auth-warning", "-u", url, "SET", "a", "b"]).out, "OK\n")
        expect_equal(other.run("-n", "2", "-a", PASSWORD, "--no-auth-warning", "GET", "a").out, "b\n")


@check
def shutdown(client: Client) -> None:
    """SHUTDOWN NOSAVE ends the server."""
    with Server(client.server.program, "server to be shut down") as doomed:
        output = Client(doomed).run("SHUTDOWN", "NOSAVE")
        deadline = time.monotonic() + STREAM_TIMEOUT
        while doomed.exit_status() is None:
            expect(time.monotonic() < deadline, "the server still runs; redis-cli said %r", output.out)
            time.sleep(0.02)
        expect_equal(doomed.exit_status(), "exited with status 0", "the server's end")
