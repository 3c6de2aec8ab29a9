"""Subscribers that read all they are sent, run as a process of its own by the harness.

usage: subscribers.py PORT COUNT BYTES

Has COUNT connections follow the channel `c` and prints `ready`; reads until
each has had BYTES of messages, and prints `done`. Ends then, or when killed.
"""

import select
import signal
import sys

from resp import Connection

CHANNEL = b"c"
# Bytes read at once: more than a socket holds for most messages.
PIECE = 1 << 18
SILENCE = 30.0


def main():
    """Follows, reads and counts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port, count, size = (int(word) for word in sys.argv[1:4])
    connections = [Connection(port) for _ in range(count)]
    poller = select.epoll()
    sockets = {}
    for connection in connections:
        connection.call("SUBSCRIBE", CHANNEL)
        sockets[connection.fileno()] = connection.socket
        poller.register(connection.fileno(), select.EPOLLIN)
    print("ready", flush=True)
    buffer, rest = bytearray(PIECE), count * size
    while rest > 0:
        events = poller.poll(SILENCE)
        if not events:
            sys.exit("no message for %g s" % SILENCE)
        for number, _ in events:
            received = sockets[number].recv_into(buffer)
            if not received:
                sys.exit("closed by the server")
            rest -= received
    print("done", flush=True)


if __name__ == "__main__":
    main()
