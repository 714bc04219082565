"""Executables of the inventory's that run before and after what we do; knows nothing of what they are for."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from mailrig.apply.waiting import Progress
from mailrig.errors import HookError, MailrigError, Problem

DIRECTORY = "hooks"
_ONE_AT_A_TIME = threading.Lock()  # a hook that is run for several hosts knows of one alone
NAMES = tuple(f"{when}-{verb}" for verb in ("plan", "deploy", "rollback") for when in ("pre", "post"))


class Hooks:
    """The hooks of one inventory; ``directory`` None stands for an inventory that is not there (or has none)."""

    def __init__(self, directory: Path | None, progress: Progress) -> None:
        """Look at what is in the directory; raise HookError with everything that cannot be a hook."""
        self._directory = directory
        self._progress = progress
        present = sorted(directory.iterdir()) if directory and directory.is_dir() else []
        files = [path for path in present if path.is_file() and not path.name.startswith(".")]
        self._names = {path.name for path in files}
        problems = [problem for path in files for problem in _problems(path)]
        if problems:
            raise HookError.of(problems)

    def run(self, name: str, environment: Mapping[str, str]) -> None:
        """Run a hook where there is one, with MAILRIG_* as its environment; raise HookError when it fails."""
        if name not in self._names or self._directory is None:
            return
        path = self._directory / name
        self._progress("hook", name)
        added = {f"MAILRIG_{key.upper()}": value for key, value in {**environment, "hook": name}.items()}
        try:
            with _ONE_AT_A_TIME:
                code = self._follow(name, path, {**os.environ, **added})
        except OSError as error:
            raise HookError(f"cannot run the hook {path}: {error.strerror}", hint=_CURE) from error
        if code != 0:
            raise HookError(f"the hook {path} failed with exit code {code}", hint="its output is above")

    def run_after(self, name: str, environment: Mapping[str, str]) -> MailrigError | None:
        """Run a hook after the fact, when it can stop nothing any more; return what went wrong."""
        try:
            self.run(name, environment)
        except HookError as error:
            return error
        return None

    def _follow(self, name: str, path: Path, environment: Mapping[str, str]) -> int:
        """Pass a hook's output on line by line, and return its exit code."""
        with subprocess.Popen(
            [path.resolve()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=path.parent.parent,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                self._progress(name, line.rstrip("\n"))
        return process.returncode


_CURE = "a script needs a first line such as `#!/bin/sh`"


def _problems(path: Path) -> list[Problem]:
    if path.name not in NAMES:
        return [Problem(f"there is no hook of the name `{path.name}`: {path}", hint=f"hooks are: {', '.join(NAMES)}")]
    if not os.access(path, os.X_OK):
        return [Problem(f"the hook {path} is not executable", hint=f"chmod +x {path}")]
    return []
