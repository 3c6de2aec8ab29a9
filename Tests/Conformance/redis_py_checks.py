"""Checks with redis-py: finds or installs it and runs redis_py_program.py, which does the work."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, Optional

from checks import ALL_CHECKS, Result, reported_results
from servers import Server

PACKAGE = "redis"

OLDEST_MAJOR_VERSION = 8
"""The first that speaks RESP3 unless told otherwise."""

INSTALL_TIMEOUT = 180.0
CHECKS_TIMEOUT = 90.0
"""Seconds for making the virtual environment, and for all checks together."""

PROGRAM = str(Path(__file__).resolve().with_name("redis_py_program.py"))

VERSION_TEST = ("import sys, redis; sys.exit(int(redis.__version__.split('.')[0]) < %d)" % OLDEST_MAJOR_VERSION)


def results(server: Server) -> Iterator[Result]:
    """All checks with redis-py."""
    python = interpreter()
    if python is None:
        yield Result("skip", ALL_CHECKS, "the package %s cannot be installed" % PACKAGE)
        return
    yield from reported_results([python, PROGRAM, str(server.port), server.program], CHECKS_TIMEOUT)


def interpreter() -> Optional[str]:
    """A Python that has redis-py; None if it cannot be had."""
    return sys.executable if _has_package(sys.executable) else _environment_with_package()


def _has_package(python: str) -> bool:
    """Whether this interpreter can import a recent enough redis-py."""
    return subprocess.run([python, "-c", VERSION_TEST], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def _environment_with_package() -> Optional[str]:
    """The interpreter of a virtual environment with redis-py, kept in the temporary folder for the next run."""
    folder = Path(tempfile.gettempdir()) / ("conformance-redis-py-%d" % os.getuid())
    python = folder / "bin" / "python"
    if folder.exists() and folder.stat().st_uid != os.getuid():
        return None
    if python.exists() and _has_package(str(python)):
        return str(python)
    try:
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)],
                        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                         "%s>=%d" % (PACKAGE, OLDEST_MAJOR_VERSION)]):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=INSTALL_TIMEOUT,
                           check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return str(python)
