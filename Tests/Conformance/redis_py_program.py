"""The checks with redis-py; prints a line for each. Run by redis_py_checks.py:

    python redis_py_program.py PORT SERVER-PROGRAM

All checks run once with RESP3 and once with RESP2.
"""

from __future__ import annotations

import asyncio
import datetime
import sys
import threading
import time
from typing import Callable, List

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ConnectionError, ResponseError, TimeoutError
from redis.retry import Retry

from checks import Checks, Unexpected, expect, expect_equal
from servers import Server

FAR_FUTURE = 33177117420
"""A Unix time in the year 3021."""

THREADS = 50
INCREMENTS = 40

WAIT = 5.0
"""Seconds until a message must have arrived."""

check = Checks()


class Context:
    """Makes clients for one server and protocol version."""

    def __init__(self, port: int, program: str, protocol: int) -> None:
        self.port = port
        self.program = program
        self.protocol = protocol

    def client(self, **options: object) -> redis.Redis:
        """A client with the given options."""
        settings = {"host": "127.0.0.1", "port": self.port, "protocol": self.protocol, "socket_timeout": WAIT}
        return redis.Redis(**{**settings, **options})

    def empty(self, **options: object) -> redis.Redis:
        """A client of an emptied server."""
        client = self.client(**options)
        client.flushall()
        return client


def expect_error(kind: type, message: str, action: Callable[[], object]) -> None:
    """Raises `Unexpected` unless the action fails in this way."""
    try:
        outcome = action()
    except kind as error:
        expect(message in str(error), "error %r has no %r", str(error), message)
        return
    raise Unexpected("%r instead of an error" % (outcome,))


@check
def connecting(context: Context) -> None:
    """Connecting with a name, library info and a database."""
    client = context.client(client_name="checker", db=2, lib_name="conformance", lib_version="1.0")
    expect_equal(client.ping(), True)
    info = client.client_info()
    expect_equal((info["name"], str(info["db"]), info["resp"]), ("checker", "2", str(context.protocol)), "CLIENT INFO")
    if "lib-name" in info:
        expect_equal((info["lib-name"], info["lib-ver"]), ("conformance", "1.0"), "library info")
    default = redis.Redis(host="127.0.0.1", port=context.port)
    expect_equal(default.client_info()["resp"], "3", "the protocol unless told otherwise")


@check
def set_options(context: Context) -> None:
    """SET with every option."""
    client = context.empty()
    expect_equal(client.set("a", "1", nx=True), True, "NX on a missing key")
    expect_equal(client.set("a", "2", nx=True), None, "NX on a key")
    expect_equal(client.set("b", "2", xx=True), None, "XX on a missing key")
    expect_equal(client.set("a", "3", xx=True, get=True), b"1", "XX GET")
    client.set("a", "4", ex=datetime.timedelta(seconds=1000))
    expect(995 < client.ttl("a") <= 1000, "TTL is %r", client.ttl("a"))
    client.set("a", "5", keepttl=True)
    expect(995 < client.ttl("a") <= 1000, "TTL after KEEPTTL is %r", client.ttl("a"))
    client.set("a", "6", px=5_000_000)
    expect(4_990_000 < client.pttl("a") <= 5_000_000, "PTTL is %r", client.pttl("a"))
    client.set("a", "7", exat=FAR_FUTURE)
    expect_equal(client.expiretime("a"), FAR_FUTURE, "EXPIRETIME")
    client.set("a", "8", pxat=FAR_FUTURE * 1000 + 7)
    expect_equal(client.pexpiretime("a"), FAR_FUTURE * 1000 + 7, "PEXPIRETIME")
    client.set("a", "9")
    expect_equal((client.ttl("a"), client.get("a")), (-1, b"9"), "TTL and value at last")
    expect_error(ResponseError, "syntax error", lambda: client.execute_command("SET", "a", "b", "EX", 1, "KEEPTTL"))


@check
def string_commands(context: Context) -> None:
    """String commands and the types of their replies."""
    client = context.empty()
    expect_equal(client.mset({"a": 1, "b": b"\x00\r\n"}), True, "MSET")
    expect_equal(client.mget("a", "b", "c"), [b"1", b"\x00\r\n", None], "MGET")
    expect_equal(client.incrbyfloat("a", 0.5), 1.5, "INCRBYFLOAT")
    expect_equal(client.getex("b", persist=True), b"\x00\r\n", "GETEX")
    expect_equal(client.getdel("b"), b"\x00\r\n", "GETDEL")
    expect_equal((client.append("s", "hello"), client.setrange("s", 1, "a"), client.getrange("s", 0, -1)),
                 (5, 5, b"hallo"), "APPEND, SETRANGE, GETRANGE")
    expect_equal(client.lcs("s", "s", idx=True, withmatchlen=True) is not None, True, "LCS")
    expect_equal(client.bitfield("bits").set("u8", "#1", 200).get("u8", "#1").execute(), [0, 200], "BITFIELD")
    expect_equal((client.setbit("bits", 0, 1), client.bitcount("bits"), client.bitpos("bits", 1)), (0, 4, 0), "bits")
    expect_error(ResponseError, "value is not an integer or out of range", lambda: client.incr("s"))


@check
def key_commands(context: Context) -> None:
    """Key commands and the types of their replies."""
    client = context.empty()
    client.mset({"a": 1, "b": 2})
    expect_equal(client.copy("a", "c"), True, "COPY")
    expect_equal(client.rename("c", "d"), True, "RENAME")
    expect_equal((client.exists("a", "b", "x"), client.touch("a"), client.unlink("a", "b")), (2, 1, 2), "counts")
    expect_equal((client.type("d"), client.object("encoding", "d")), (b"string", b"int"), "TYPE and encoding")
    expect_equal((client.expire("d", 1000, gt=True), client.expire("d", 1000, nx=True)), (False, True), "EXPIRE")
    expect_equal((client.persist("d"), client.move("d", 1), client.randomkey()), (True, True, None), "MOVE")
    expect_equal(client.keys("*"), [], "KEYS")
    expect_equal(client.config_get("maxmemory"), {"maxmemory": "0"}, "CONFIG GET")
    info = client.info()
    expect(info["redis_version"] and info["used_memory"] > 0 and info["db1"]["keys"] == 1, "INFO: %r", info)


@check
def pipelines(context: Context) -> None:
    """Pipelines without transaction, with an error inside."""
    client = context.empty()
    pipeline = client.pipeline(transaction=False)
    for number in range(1000):
        pipeline.set("key:%d" % number, number).get("key:%d" % number)
    replies = pipeline.execute()
    expect_equal(replies[1::2], [b"%d" % number for number in range(1000)], "replies")
    replies = client.pipeline(transaction=False).set("a", "x").incr("a").get("a").execute(raise_on_error=False)
    expect_equal((replies[0], type(replies[1]), replies[2]), (True, ResponseError, b"x"), "replies")


@check
def publishing(context: Context) -> None:
    """Publish-subscribe: channels, patterns, many messages, pings, leaving."""
    client = context.empty()
    pubsub = client.pubsub()
    pubsub.subscribe("news", "sport")
    pubsub.psubscribe("n*")
    kinds = [_message(pubsub)["type"] for _ in range(3)]
    expect_equal(kinds, ["subscribe", "subscribe", "psubscribe"], "confirmations")
    expect_equal(client.publish("news", "hi"), 2, "PUBLISH")
    received = [_message(pubsub) for _ in range(2)]
    expect_equal(sorted((one["type"], one["data"]) for one in received), [("message", b"hi"), ("pmessage", b"hi")])
    expect_equal(dict(client.pubsub_numsub("news")), {b"news": 1}, "NUMSUB")
    for number in range(500):
        client.publish("sport", number)
    expect_equal([_message(pubsub)["data"] for _ in range(500)], [b"%d" % number for number in range(500)])
    pubsub.ping("x")
    expect_equal(_message(pubsub)["type"], "pong", "reply to PING")
    pubsub.unsubscribe()
    pubsub.punsubscribe()
    expect_equal([_message(pubsub)["data"] for _ in range(3)], [2, 1, 0], "remaining subscriptions")
    pubsub.close()


@check
def slow_subscribers(context: Context) -> None:
    """A subscriber that reads too slowly is told what it missed, in a form that the library takes."""
    client = context.empty()
    option = "pubsub-overflow-policy"
    if not client.config_get(option):
        # A Redis closes such subscribers.
        return
    client.config_set(option, "drop-oldest", "pubsub-backlog-max-messages", 10)
    try:
        pubsub = client.pubsub()
        pubsub.subscribe("news")
        pubsub.psubscribe("n*")
        pubsub.ssubscribe("news")
        expect_equal([_message(pubsub)["data"] for _ in range(3)], [1, 2, 1], "subscriptions")
        count, padding = 1000, b"x" * 20_000
        for number in range(count):
            client.publish("news", b"%d " % number + padding)
            client.spublish("news", b"%d " % number + padding)
        totals = {}
        while totals != dict.fromkeys(["message", "pmessage", "smessage"], count):
            message = _message(pubsub)
            kind, channel, data = message["type"], message["channel"], message["data"]
            if context.protocol == 3 and kind.endswith("missed"):
                expect_equal(channel, b"n*" if kind == "pmissed" else b"news", "what was missed")
                missed, kind = data, kind.replace("missed", "message")
            elif channel.startswith(b"__missed__:"):
                expect_equal(channel, b"__missed__:" + (message["pattern"] or b"news"), "what was missed")
                missed = int(data)
            else:
                missed = 0
                expect_equal(int(data.split()[0]), totals.get(kind, 0), "number of the next message")
            totals[kind] = totals.get(kind, 0) + (missed or 1)
        pubsub.close()
    finally:
        client.config_set(option, "disconnect", "pubsub-backlog-max-messages", 1000)


def _message(pubsub: "redis.client.PubSub") -> dict:
    """The next message."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        message = pubsub.get_message(timeout=0.5)
        if message is not None:
            return message
    raise Unexpected("no message in %g s" % WAIT)


@check
def publishing_thread(context: Context) -> None:
    """A subscription handled in a thread."""
    client = context.empty()
    received: List[bytes] = []
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe(news=lambda message: received.append(message["data"]))
    thread = pubsub.run_in_thread(sleep_time=0.01)
    deadline = time.monotonic() + WAIT
    while not received and time.monotonic() < deadline:
        client.publish("news", "hi")
        time.sleep(0.01)
    thread.stop()
    thread.join(WAIT)
    expect_equal(received[:1], [b"hi"], "messages")


@check
def scanning(context: Context) -> None:
    """scan_iter with match, count and type."""
    client = context.empty(decode_responses=True)
    client.mset({"key:%d" % number: "x" for number in range(2000)})
    expect_equal(len(set(client.scan_iter())), 2000, "number of keys")
    found = set(client.scan_iter(match="key:1??", count=50, _type="string"))
    expect_equal(found, {"key:%d" % number for number in range(100, 200)}, "keys")


@check
def decoding(context: Context) -> None:
    """decode_responses, with text beyond ASCII."""
    client = context.empty(decode_responses=True)
    client.set("sch\u00f6n", "\u20ac \U0001f600")
    expect_equal(client.get("sch\u00f6n"), "\u20ac \U0001f600")
    expect_equal((client.keys("*"), client.echo("\u00e4")), (["sch\u00f6n"], "\u00e4"), "KEYS and ECHO")


@check
def library_information(context: Context) -> None:
    """CLIENT SETINFO."""
    client = context.client(single_connection_client=True)
    version = tuple(int(part) for part in client.info("server")["redis_version"].split(".")[:2])
    if version < (7, 2):
        expect_error(ResponseError, "unknown subcommand", lambda: client.client_setinfo("LIB-NAME", "x"))
        return
    expect_equal(client.client_setinfo("LIB-NAME", "x"), True)
    expect_equal(client.client_info()["lib-name"], "x")
    expect_error(ResponseError, "", lambda: client.client_setinfo("LIB-NAME", "a b"))


@check
def connection_pool(context: Context) -> None:
    """A connection pool: 50 threads on INCR."""
    client = context.empty(max_connections=THREADS)
    failures: List[Exception] = []

    def increment() -> None:
        try:
            for _ in range(INCREMENTS):
                client.incr("counter")
        except Exception as failure:
            failures.append(failure)
    threads = [threading.Thread(target=increment) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect_equal(failures, [], "failures")
    expect_equal(client.get("counter"), b"%d" % (THREADS * INCREMENTS), "the counter")
    client.connection_pool.disconnect()


@check
def health_checks(context: Context) -> None:
    """Health checks, on ordinary and on subscribed connections."""
    client = context.empty(health_check_interval=1)
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe("news")
    client.set("a", "b")
    end = time.monotonic() + 1.3
    while time.monotonic() < end:
        pubsub.get_message(timeout=0.1)
    expect_equal(client.get("a"), b"b")
    pubsub.check_health()
    client.publish("news", "hi")
    deadline = time.monotonic() + WAIT
    message = None
    while message is None and time.monotonic() < deadline:
        message = pubsub.get_message(timeout=0.2)
    expect_equal(message and message["data"], b"hi", "message after the check")


@check
def timeouts(context: Context) -> None:
    """A time limit runs out while the server is busy; the client then goes on."""
    client = context.empty(socket_timeout=0.1, retry=Retry(NoBackoff(), 0))
    expect_error(TimeoutError, "", lambda: client.execute_command("DEBUG", "SLEEP", "0.4"))
    time.sleep(0.5)
    expect_equal(client.set("a", "b"), True, "SET afterwards")


@check
def reconnecting(context: Context) -> None:
    """A client whose connection was killed connects again."""
    client = context.empty(single_connection_client=False)
    victim = context.client(client_name="victim", single_connection_client=True)
    killed = client.client_kill_filter(_id=victim.client_id())
    expect_equal((killed, victim.ping()), (1, True), "killed clients, PING of the victim")


@check
def authentication(context: Context) -> None:
    """Passwords: none, wrong, right, with user name."""
    with Server(context.program, "server with a password", ["--requirepass", "sesame"]) as server:
        locked = Context(server.port, context.program, context.protocol)
        for options in ({}, {"password": "wrong"}, {"username": "nobody", "password": "sesame"}):
            expect_error((AuthenticationError, ResponseError), "",  # type: ignore[arg-type]
                         lambda: locked.client(**options).ping())
        for options in ({"password": "sesame"}, {"username": "default", "password": "sesame"}):
            expect_equal(locked.client(**options).ping(), True)


@check
def large_values(context: Context) -> None:
    """A value of 8 MB."""
    client = context.empty()
    value = bytes(range(256)) * 32768
    expect_equal(client.set("large", value), True)
    expect(client.get("large") == value, "the value came back changed")
    expect_equal(client.strlen("large"), len(value), "STRLEN")


@check
def asynchronous(context: Context) -> None:
    """redis.asyncio: 100 tasks, a pipeline, a subscription."""
    asyncio.run(_asynchronous(context))


async def _asynchronous(context: Context) -> None:
    """The checks with the asynchronous client."""
    client = redis.asyncio.Redis(host="127.0.0.1", port=context.port, protocol=context.protocol)
    await client.flushall()
    await asyncio.gather(*[client.incr("counter") for _ in range(100)])
    expect_equal(await client.get("counter"), b"100", "the counter")
    replies = await client.pipeline(transaction=False).set("a", 1).get("a").execute()
    expect_equal(replies, [True, b"1"], "replies")
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    await pubsub.subscribe("news")
    await pubsub.get_message(timeout=WAIT)
    await client.publish("news", "hi")
    message = await pubsub.get_message(timeout=WAIT)
    expect_equal(message and message["data"], b"hi", "message")
    await pubsub.aclose()
    await client.aclose()


@check
def refused_connection(context: Context) -> None:
    """Nobody listens: the client says so."""
    from servers import free_port
    client = redis.Redis(host="127.0.0.1", port=free_port(), protocol=context.protocol, retry=Retry(NoBackoff(), 0))
    expect_error(ConnectionError, "", client.ping)


def main() -> None:
    """Runs all checks in both protocol versions."""
    port, program = int(sys.argv[1]), sys.argv[2]
    for protocol in (3, 2):
        for result in check.results(Context(port, program, protocol)):
            name = "RESP%d, %s" % (protocol, result.name.replace(":", " -"))
            print("%s %s%s" % (result.status, name, ": " + result.reason if result.reason else ""), flush=True)


if __name__ == "__main__":
    main()
