"""Commands, and options of commands, that no row sends, each with the reason."""

from __future__ import annotations

ELSEWHERE = {
    "DEBUG ASSERT": "ends the server",
    "DEBUG OOM": "ends the server",
    "DEBUG PANIC": "ends the server",
    "DEBUG SEGFAULT": "ends the server",
    "DEBUG CONFIG-REWRITE-FORCE-ALL": "writes a file that these servers don't have",
    "DEBUG HTSTATS": "tells of each server's own tables",
    "DEBUG LOG": "writes to the log",
    "DEBUG POPULATE": "gives the keys values of each version's own",
    "DEBUG QUICKLIST": "writes to the log",
    "MONITOR": "what others send comes in between, at no certain moment",
    "DEBUG STRINGMATCH-LEN": "no server to compare with has it",
}
