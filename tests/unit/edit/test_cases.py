"""Edits as data: tests/edits/*.yaml, each an inventory's text, a command, and the text or the errors after it."""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from invoke import Collection, Program

from mailrig.cli import VERBS, collection_of
from mailrig.commands import editing

CASES = sorted((Path(__file__).parents[2] / "edits").glob("*.yaml"))
SITE = """\
site: tested
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    ports: {imaps: 993, submission: 587}
"""
DOMAINS = "domains: [example.org, example.net]\n"
HASH = "{SHA512-CRYPT}$6$abcdefgh$" + "a" * 86


def spoken(*words: str) -> int:
    """Run a verb as `invoke` does, and return its exit code."""
    tasks = ModuleType("tasks")
    tasks.ns = collection_of(*VERBS)  # type: ignore[attr-defined]
    try:
        Program(namespace=Collection.from_module(tasks)).run(["mailrig", *words])
    except SystemExit as exit_:
        return int(exit_.code or 0)
    return 0


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_edit(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The text is what is expected, byte for byte; with an error it is what it was."""
    case: dict[str, Any] = yaml.safe_load(file.read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(editing, "plan", lambda _: 0)  # it asks an engine; the edit is done by then
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(case.get("stdin", HASH).encode())))
    before = {"site.yaml": SITE, "domains.yaml": DOMAINS, **as_files(case["before"])}
    before = {name: text.replace("SITE\n", SITE) for name, text in before.items()}
    for name, text in before.items():
        (tmp_path / name).write_bytes(text.replace("HASH", HASH).encode())

    code = spoken(*shlex.split(case["command"]), "--inventory", str(tmp_path))

    said = capsys.readouterr().err
    after = {name: (tmp_path / name).read_bytes().decode().replace(HASH, "HASH") for name in before}
    if "error" in case:
        assert code == 1
        assert said.replace(HASH, "HASH") == case["error"]
        assert after == before
    else:
        assert code == 0, said
        wanted = {name: text.replace("SITE\n", SITE) for name, text in as_files(case["after"]).items()}
        assert after == {**before, **wanted}


def as_files(said: str | dict[str, str]) -> dict[str, str]:
    """Return texts by file; a text alone is that of accounts.yaml."""
    return {"accounts.yaml": said} if isinstance(said, str) else said
