"""A client that fills a server, run as a process of its own by the harness.

usage: loader.py KEYS DEPTH

Builds all commands ahead and prints `ready`. Then each line on standard input
names a port: the keys are written to that server, DEPTH commands per write,
waiting for the replies before the next write, and `done SECONDS` or
`error REASON` is printed. Ends at the end of its input, or when killed; an
interrupt from the terminal is for the harness to act upon.
"""

import signal
import sys
import time

from resp import BenchError, Connection, set_chunks


def fill(port, chunks):
    """Writes the chunks to the server at `port`; seconds it took."""
    began = time.perf_counter()
    with Connection(port) as connection:
        connection.load(chunks)
    return time.perf_counter() - began


def main():
    """Serves the ports named on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keys, depth = int(sys.argv[1]), int(sys.argv[2])
    chunks = set_chunks(keys, depth)
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            print("done %.3f" % fill(int(line), chunks), flush=True)
        except (BenchError, OSError) as error:
            print("error %s" % error, flush=True)


if __name__ == "__main__":
    main()
