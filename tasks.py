"""What `invoke` offers in a checkout: the program's verbs, and those of its developers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mailrig import commands
from mailrig.cli import VERBS, Verb, collection_of

ROOT = Path(__file__).parent
BIN = Path(sys.executable).parent


def check(call: commands.Call) -> int:
    """Check style, types and layers."""
    results = {
        "style": _run("ruff", "check", "."),
        "format": _run("ruff", "format", "--check", "."),
        "types": _run("mypy"),
        "layers": _run("lint-imports", "--no-cache"),
    }
    failed = [name for name, code in results.items() if code != 0]
    call.console.data({"failed": failed})
    call.console.text(
        f"check: {', '.join(failed)} failed" if failed else "check: style, format, types and layers are fine"
    )
    return 1 if failed else 0


def test(call: commands.Call, unit: bool = False, integration: bool = False) -> int:
    """Run the checks and all tests; --unit or --integration runs only those."""
    if not (unit or integration) and check(call) != 0:
        return 1
    selection = ["tests"]
    if unit and not integration:
        selection = ["tests/unit"]
    elif integration and not unit:
        selection = ["tests/integration"]
    if selection != ["tests/unit"]:
        _provide_engine(call)
    return _run("pytest", *selection)


def bench(call: commands.Call) -> int:
    """Measure against docker compose, and write bench/results.json."""
    _provide_engine(call)
    return _run("python", "bench/run.py", *(["--json"] if call.console.is_json else []))


def _provide_engine(call: commands.Call) -> None:
    from mailrig.engine.install import LOCAL, engine_at

    engine_at(LOCAL, lambda text: call.console.step("engine", text))


def _run(program: str, *arguments: str) -> int:
    command: Sequence[str] = [str(BIN / program), *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


ns = collection_of(
    *VERBS,
    Verb(check),
    Verb(test, help={"unit": "those without Docker", "integration": "those with real containers"}),
    Verb(bench),
)
