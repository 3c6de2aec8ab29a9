"""Resident memory: per key, per TTL, and per idle connection."""

from __future__ import annotations

import contextlib
import random
import time
from typing import List, Sequence

from context import Context, RoleFailure
from report import BYTES, at_most, new_samples
from resp import Chunk, set_chunks, set_px_chunks
from servers import ROLES, Server, running

LOAD_DEPTH = 1_000
HOUR_MS = 3_600_000
# Any fixed seed: every server is to get the same TTLs.
TTL_SEED = 20_000
# The harness itself has some files open, and so has the server.
SPARE_FILES = 500
SPARE_CLIENTS = 2_000

KEY_BAR = at_most(64, BYTES)
TTL_BAR = at_most(24, BYTES)
CONNECTION_BAR = at_most(4_096, BYTES)
KEY_ROW = "resident bytes per key (18-byte key, 16-byte value)"
TTL_ROW = "resident bytes a TTL adds per key"
CONNECTION_ROW = "resident bytes per idle connection"


def ttls(count: int) -> List[int]:
    """Times to live between one and two hours, in milliseconds."""
    generator = random.Random(TTL_SEED)
    return [generator.randrange(HOUR_MS, 2 * HOUR_MS) for _ in range(count)]


def bytes_per_key(context: Context, role: str, chunks: Sequence[Chunk]) -> float:
    """Growth of a fresh server's VmRSS per key stored, in bytes."""
    with running(context.programs[role], context.cores) as server:
        before = server.resident_bytes()
        with server.connect() as connection:
            connection.load(chunks)
        # A table that is being resized in steps gets the time to finish.
        time.sleep(context.scale.memory_settle)
        return (server.resident_bytes() - before) / context.scale.memory_keys


def key_memory(context: Context) -> None:
    """Resident bytes per key of 1M keys, and what a TTL on each key adds."""
    scale = context.scale
    plain = set_chunks(scale.memory_keys, LOAD_DEPTH)
    expiring = set_px_chunks(scale.memory_keys, LOAD_DEPTH, ttls(scale.memory_keys))
    try:
        without = context.collect("memory per key", scale.slow_runs,
                                  lambda role: bytes_per_key(context, role, plain))
        context.report.add(KEY_ROW, without, BYTES, KEY_BAR)
    except RoleFailure as failure:
        context.fail(KEY_ROW, KEY_BAR, failure)
        context.fail(TTL_ROW, TTL_BAR, failure)
        return
    try:
        with_ttl = context.collect("memory per TTL", scale.slow_runs,
                                   lambda role: bytes_per_key(context, role, expiring))
    except RoleFailure as failure:
        context.fail(TTL_ROW, TTL_BAR, failure)
        return
    added = new_samples()
    for role in ROLES:
        added[role] = [a - b for a, b in zip(with_ttl[role], without[role])]
    context.report.add(TTL_ROW, added, BYTES, TTL_BAR)


def bytes_per_connection(context: Context, server: Server, count: int) -> float:
    """Growth of VmRSS per connection that did a PING and a SET and went idle.

    All connections set the same key, so that what is counted is connections.
    """
    before = server.resident_bytes()
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(server.connect())
            connection.ping()
            connection.call("SET", "key", "v" * 16)
        time.sleep(context.scale.connections_settle)
        return (server.resident_bytes() - before) / count


def connection_memory(context: Context) -> None:
    """Resident bytes per idle connection, of 10,000."""
    wanted = context.scale.connections
    count = min(wanted, context.files - SPARE_FILES)
    if count < wanted:
        context.report.note("idle connections: only %d of %d, the limit of open files is %d"
                            % (count, wanted, context.files))
    options = ["--maxclients", str(count + SPARE_CLIENTS)]

    def take(role: str) -> float:
        with running(context.programs[role], context.cores, options) as server:
            return bytes_per_connection(context, server, count)

    try:
        samples = context.collect(CONNECTION_ROW, context.scale.slow_runs, take)
        context.report.add(CONNECTION_ROW, samples, BYTES, CONNECTION_BAR)
    except RoleFailure as failure:
        context.fail(CONNECTION_ROW, CONNECTION_BAR, failure)
