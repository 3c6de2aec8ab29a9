"""Checks with hiredis: compiles hiredis_check.c and runs it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator, List, Optional

from checks import ALL_CHECKS, Result, reported_results, shortened
from servers import Server

SOURCE = str(Path(__file__).resolve().with_name("hiredis_check.c"))

CHECKS_TIMEOUT = 60.0
COMPILE_TIMEOUT = 60.0


def results(server: Server) -> Iterator[Result]:
    """All checks with hiredis."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    flags = _library_flags()
    if compiler is None or flags is None:
        yield Result("skip", ALL_CHECKS, "no C compiler" if compiler is None else "no hiredis to compile with")
        return
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        program = os.path.join(folder, "hiredis_check")
        done = subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-O1", "-o", program, SOURCE, *flags],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=COMPILE_TIMEOUT, check=False)
        if done.returncode != 0:
            yield Result("FAILED", "compiling", shortened(done.stdout.decode(errors="replace")))
            return
        yield from reported_results([program, str(server.port)], CHECKS_TIMEOUT)


def _library_flags() -> Optional[List[str]]:
    """What the compiler needs for hiredis; None where it is not installed.

    The environment variable HIREDIS_FLAGS names another one than the system's, such as a newer build.
    """
    if "HIREDIS_FLAGS" in os.environ:
        return shlex.split(os.environ["HIREDIS_FLAGS"])
    if shutil.which("pkg-config"):
        done = subprocess.run(["pkg-config", "--cflags", "--libs", "hiredis"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            return done.stdout.decode().split()
    return ["-lhiredis"] if os.path.exists("/usr/include/hiredis/hiredis.h") else None
