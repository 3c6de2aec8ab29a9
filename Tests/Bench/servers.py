"""Starting and stopping the two servers, and reading the kernel's accounts."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Optional, Sequence

from resp import LOOPBACK, PING, PONG, BenchError, Connection

OURS, PEER = "ours", "peer"
ROLES = (OURS, PEER)
# What a server that misbehaves can make a measure raise.
SERVER_TROUBLE = (BenchError, OSError, subprocess.SubprocessError)
START_TIMEOUT = 10.0
STOP_TIMEOUT = 3.0
# How often a starting server is tried; small against the start times compared.
START_POLL = 0.0002
# The port is free when the kernel names it, but someone may take it before the
# server binds it; then another one is tried.
START_ATTEMPTS = 3
LOG_TAIL_BYTES = 200
# A client sees its connection end a little before the process is gone.
CRASH_WAIT = 0.2
VERSION_TIMEOUT = 5.0
# Linux: the CPU clock of another process is (~pid << 3) | CPUCLOCK_SCHED.
CPUCLOCK_SCHED = 2


@dataclass(frozen=True)
class Cores:
    """Which core runs the server, which the clients, and which a second client."""

    server: int
    client: int
    helper: int

    @classmethod
    def choose(cls) -> "Cores":
        """The first cores this process may use; they coincide if there are few."""
        allowed = sorted(os.sched_getaffinity(0))
        client = allowed[min(1, len(allowed) - 1)]
        return cls(allowed[0], client, allowed[2] if len(allowed) > 2 else client)


@dataclass(frozen=True)
class Program:
    """A server program as given on the command line."""

    role: str
    path: str
    arguments: List[str]

    def version_line(self) -> str:
        """The first line of `--version`, or a note that there is none."""
        try:
            result = subprocess.run(
                [self.path, "--version"], stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=VERSION_TIMEOUT)
        except (OSError, subprocess.TimeoutExpired):
            return "no --version"
        lines = (result.stdout or result.stderr).strip().splitlines()
        return lines[0] if lines and result.returncode == 0 else "no --version"


def free_port() -> int:
    """A TCP port that is free on loopback right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def raise_file_limit() -> int:
    """Raises the limit of open files as far as allowed and returns it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Server:
    """One running server process on its own port and in its own directory."""

    def __init__(self, program: Program, cores: Cores, options: Sequence[str] = ()):
        self.program = program
        self.cores = cores
        self.options = list(options)
        self.directory = tempfile.mkdtemp(prefix="bench-")
        self.log_path = os.path.join(self.directory, "server.log")
        self.process: Optional[subprocess.Popen] = None
        self.port = 0
        self.start_seconds = 0.0

    @property
    def role(self) -> str:
        return self.program.role

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> "Server":
        """Starts the process and waits for its first PONG."""
        for attempt in range(START_ATTEMPTS):
            self.port = free_port()
            try:
                self._start_once()
                return self
            except BenchError:
                self.kill()
                if attempt + 1 == START_ATTEMPTS:
                    raise
        return self

    def _command(self) -> List[str]:
        return [self.program.path, "--port", str(self.port), "--bind", LOOPBACK,
                "--save", "", "--appendonly", "no", "--dir", self.directory,
                *self.options, *self.program.arguments]

    def _start_once(self) -> None:
        command = self._command()
        with open(self.log_path, "ab") as log:
            # The child inherits the core, so it needs no wrapper and no code
            # between fork and exec that would count as its start time.
            os.sched_setaffinity(0, {self.cores.server})
            try:
                began = time.perf_counter()
                self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    cwd=self.directory, start_new_session=True)
            except OSError as error:
                raise BenchError("cannot start %s: %s" % (self.program.path, error))
            finally:
                os.sched_setaffinity(0, {self.cores.client})
        self._wait_for_pong(began)
        self.start_seconds = time.perf_counter() - began

    def _wait_for_pong(self, began: float) -> None:
        while time.perf_counter() - began < START_TIMEOUT:
            if self._answers():
                return
            if self.process.poll() is not None:
                raise BenchError("the server exited with %s: %s"
                                 % (self.process.returncode, self.log_tail()))
            time.sleep(START_POLL)
        raise BenchError("no PONG within %d s of the start" % START_TIMEOUT)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1.0) as probe:
                probe.sendall(PING)
                return probe.recv(64) == PONG
        except OSError:
            return False

    def log_tail(self) -> str:
        """The end of the server's output on one line."""
        with open(self.log_path, "rb") as log:
            text = log.read()[-LOG_TAIL_BYTES:].decode(errors="replace")
        return " ".join(text.split())

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def explain(self, error: object) -> str:
        """The error, and how the server ended and what it last said if it did."""
        if self.process is None:
            return str(error)
        try:
            status = self.process.wait(CRASH_WAIT)
        except subprocess.TimeoutExpired:
            return str(error)
        return "%s; the server ended with %s: %s" % (error, status, self.log_tail())

    def connect(self) -> Connection:
        return Connection(self.port)

    def kill(self) -> None:
        """Ends the process, politely first; harmless if it is gone already."""
        if self.process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            # The whole group, so that a program started by way of a script
            # ends with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            try:
                self.process.wait(STOP_TIMEOUT)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def close(self) -> None:
        """Ends the process and removes its directory."""
        try:
            self.kill()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    def cpu_ns(self) -> int:
        """CPU time of all threads so far, user and system, in nanoseconds."""
        try:
            return time.clock_gettime_ns((~self.pid << 3) | CPUCLOCK_SCHED)
        except OSError as error:
            raise BenchError("the server is gone (%s): %s" % (error, self.log_tail()))

    def resident_bytes(self) -> int:
        """VmRSS of the process in bytes."""
        with open("/proc/%d/status" % self.pid) as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise BenchError("no VmRSS: the server is gone: %s" % self.log_tail())

    def info_version(self) -> str:
        """redis_version as INFO server reports it."""
        with self.connect() as connection:
            text = connection.call("INFO", "server").decode(errors="replace")
        match = re.search(r"^redis_version:(\S+)", text, re.MULTILINE)
        return match.group(1) if match else "unknown"


@contextlib.contextmanager
def running(program: Program, cores: Cores, options: Sequence[str] = ()) -> Iterator[Server]:
    """A server that runs for the length of a `with` block."""
    server = Server(program, cores, options)
    try:
        yield server.start()
    except SERVER_TROUBLE as error:
        raise BenchError(server.explain(error)) from error
    finally:
        server.close()


class Pair:
    """Both servers running side by side, for measures that alternate quickly."""

    def __init__(self, programs: Dict[str, Program], cores: Cores,
                 prepare: Callable[[Server], None]):
        self._prepare = prepare
        self.servers = {role: Server(programs[role], cores) for role in ROLES}

    def __enter__(self) -> "Pair":
        return self

    def __exit__(self, *_exception) -> None:
        for server in self.servers.values():
            server.close()

    def ready(self, role: str) -> Server:
        """The server of that role, started (again) and prepared if need be."""
        server = self.servers[role]
        if not server.alive():
            server.kill()
            server.start()
            self._prepare(server)
        return server

    def restart(self, role: str) -> None:
        """Drops a server that misbehaved; `ready` starts it anew."""
        self.servers[role].kill()


def alternate(runs: int) -> Iterator[str]:
    """Roles in the order ours peer, peer ours, ...: drift hits both alike."""
    for run in range(runs):
        yield from (ROLES if run % 2 == 0 else reversed(ROLES))
