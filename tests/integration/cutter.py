"""Runs mailrig and cuts its ssh connection right after the journal's line N: ``python cutter.py N WORDS…``.

Nobody else notices: the program goes on, and has to find out.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from mailrig import cli
from mailrig.engine.recorder import Recorder

_LINE = int(sys.argv[1])
_record = Recorder.record
_written = 0


def _ssh_processes() -> list[int]:
    """Return the numbers of those ssh processes that a keeper of ours has started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    below = [Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in children]
    return [int(pid) for pids in below for pid in pids if Path(f"/proc/{pid}/comm").read_text() == "ssh\n"]


def _record_and_cut(recorder: Recorder, entry: Any) -> None:
    global _written  # noqa: PLW0603 - one program, one count
    _record(recorder, entry)
    _written += 1
    if _written == _LINE:
        [ssh] = _ssh_processes()
        os.kill(ssh, signal.SIGKILL)


Recorder.record = _record_and_cut  # type: ignore[method-assign]
sys.argv = ["mailrig", *sys.argv[2:]]
cli.main()
