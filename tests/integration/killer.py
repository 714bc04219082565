"""Runs mailrig and kills it, without any warning, right after the journal's line N: ``python killer.py N WORDS…``.

Any other end than by SIGKILL means that there was no such line.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from mailrig import cli
from mailrig.engine.recorder import Recorder

_LINE = int(sys.argv[1])
_record = Recorder.record
_written = 0


def _record_and_die(recorder: Recorder, entry: Any) -> None:
    global _written  # noqa: PLW0603 - one program, one count
    _record(recorder, entry)
    _written += 1
    if _written == _LINE:
        os.kill(os.getpid(), signal.SIGKILL)


Recorder.record = _record_and_die  # type: ignore[method-assign]
sys.argv = ["mailrig", *sys.argv[2:]]
cli.main()
