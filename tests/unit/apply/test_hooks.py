"""The inventory's own executables."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.apply.hooks import Hooks
from mailrig.errors import HookError


class Listener:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, subject: str, text: str) -> None:
        """Hear one thing."""
        self.lines.append((subject, text))


def hook(directory: Path, name: str, body: str, mode: int = 0o755) -> Path:
    """Write a hook."""
    file = directory / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(mode)
    return file


def test_hook_is_told_what_happens(tmp_path: Path) -> None:
    """A hook runs in the inventory's directory, and its environment says what happens."""
    hook(tmp_path, "pre-deploy", 'echo "$MAILRIG_HOOK $MAILRIG_SITE"; pwd')
    heard = Listener()
    Hooks(tmp_path / "hooks", heard).run("pre-deploy", {"site": "demo"})
    assert heard.lines == [
        ("hook", "pre-deploy"),
        ("pre-deploy", "pre-deploy demo"),
        ("pre-deploy", str(tmp_path)),
    ]


def test_failing_hook_stops(tmp_path: Path) -> None:
    """A hook that fails is an error with its path and its exit code."""
    file = hook(tmp_path, "pre-deploy", "echo no >&2; exit 7")
    heard = Listener()
    with pytest.raises(HookError, match=rf"the hook {file} failed with exit code 7"):
        Hooks(tmp_path / "hooks", heard).run("pre-deploy", {})
    assert ("pre-deploy", "no") in heard.lines


def test_failing_hook_afterwards_is_only_told(tmp_path: Path) -> None:
    """What runs after the fact can stop nothing any more."""
    hook(tmp_path, "post-deploy", "exit 1")
    assert Hooks(tmp_path / "hooks", Listener()).run_after("post-deploy", {}) is not None


def test_absent_hook_is_fine(tmp_path: Path) -> None:
    """Neither a hook nor the directory has to be there."""
    Hooks(tmp_path / "hooks", Listener()).run("pre-deploy", {})
    Hooks(None, Listener()).run("pre-deploy", {})


def test_everything_that_is_no_hook_is_named_at_once(tmp_path: Path) -> None:
    """A wrong name and a missing executable bit are both told, with their cures, before anything runs."""
    hook(tmp_path, "before-deploy", "true")
    hook(tmp_path, "pre-deploy", "true", mode=0o644)
    with pytest.raises(HookError) as raised:
        Hooks(tmp_path / "hooks", Listener())
    words = str(raised.value)
    assert "no hook of the name `before-deploy`" in words
    assert "pre-deploy" in words
    assert "chmod +x" in words


def test_hook_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    """A file that is no program is an error with a cure."""
    file = hook(tmp_path, "pre-plan", "")
    file.write_bytes(b"\x00\x01")
    with pytest.raises(HookError, match="cannot run the hook"):
        Hooks(tmp_path / "hooks", Listener()).run("pre-plan", {})
