"""A client that builds a hash, reads it whole and deletes it, as a process of its own.

usage: hash_worker.py PORT FIELDS

Each line on standard input starts the next step; `done` or `error REASON` answers it.
"""

import signal
import sys

from resp import BenchError, Connection, encode

FIELDS_AT_ONCE = 100
COMMANDS_AT_ONCE = 8
RECEIVE_BYTES = 1 << 18
ELEMENT = b"$14\r\nfield:%08d\r\n$8\r\n%08d\r\n"
TIMEOUT = 300.0


def build(connection, fields):
    """Gives the hash its fields."""
    head = b"*%d\r\n$4\r\nHSET\r\n$4\r\nhash\r\n" % (2 + 2 * FIELDS_AT_ONCE)
    command = head + ELEMENT * FIELDS_AT_ONCE
    step = FIELDS_AT_ONCE * COMMANDS_AT_ONCE
    for start in range(0, fields, step):
        numbers = tuple(number for number in range(start, start + step) for _ in (0, 1))
        connection.send(command * COMMANDS_AT_ONCE % numbers)
        for _ in range(COMMANDS_AT_ONCE):
            connection.read_reply()
    if connection.call("HLEN", "hash") != fields:
        raise BenchError("the hash has not got all fields")


def read(connection, fields):
    """Reads the whole hash; its reply's length is known."""
    connection.send(encode("HGETALL", "hash"))
    left = len(b"*%d\r\n" % (2 * fields)) + fields * len(ELEMENT % (0, 0))
    while left > 0:
        data = connection.socket.recv(min(RECEIVE_BYTES, left))
        if not data:
            raise BenchError("the server closed the connection")
        left -= len(data)


def delete(connection, fields):
    """Deletes the hash, and makes sure that it is gone."""
    if fields and connection.call("DEL", "hash") != 1:
        raise BenchError("there was no hash")


def main():
    """Does the steps as they are asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port, fields = int(sys.argv[1]), int(sys.argv[2])
    with Connection(port, TIMEOUT) as connection:
        for step, _ in zip((build, read, delete), sys.stdin):
            try:
                step(connection, fields)
                print("done", flush=True)
            except (BenchError, OSError) as error:
                print("error %s" % error, flush=True)


if __name__ == "__main__":
    main()
