"""What `invoke` offers in a checkout: the program's verbs, and those of its developers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

from mailrig import commands
from mailrig.cli import VERBS, Verb, collection_of

ROOT = Path(__file__).parent
BIN = Path(sys.executable).parent


def check(call: commands.Call) -> int:
    """Check style, types and layers."""
    failed = _failed_checks(call)
    call.console.data({"failed": failed})
    return 1 if failed else 0


def _failed_checks(call: commands.Call) -> list[str]:
    """Run every check and return the names of those that failed."""
    results = {
        "style": _run(call, "ruff", "check", "."),
        "format": _run(call, "ruff", "format", "--check", "."),
        "types": _run(call, "mypy"),
        "layers": _run(call, "lint-imports", "--no-cache"),
    }
    failed = [name for name, code in results.items() if code != 0]
    call.console.text(
        f"check: {', '.join(failed)} failed" if failed else "check: style, format, types and layers are fine"
    )
    return failed


def test(call: commands.Call, unit: bool = False, integration: bool = False) -> int:
    """Run the checks and all tests; --unit or --integration runs only those."""
    if not (unit or integration) and _failed_checks(call):
        return 1
    selection = ["tests"]
    if unit and not integration:
        selection = ["tests/unit"]
    elif integration and not unit:
        selection = ["tests/integration"]
    if selection != ["tests/unit"]:
        _provide_engine(call)
    code = _run(call, "pytest", *selection)
    call.console.data({"tests": selection, "passed": code == 0})
    return code


def bench(  # noqa: PLR0913, PLR0917 - a verb's options are its flags
    call: commands.Call,
    change: bool = False,
    soak: bool = False,
    clients: bool = False,
    path: bool = False,
    hosts: bool = False,
    trace: bool = False,
    accounts: bool = False,
    setup: bool = False,
) -> int:
    """Measure against docker compose; --change: what a change interrupts; --soak: whether a message is lost.

    --clients: whether the prediction of handshakes agrees with real servers; --path: from a gateway to a mailbox;
    --hosts: what several hosts cost; --trace: how long a trace takes; --accounts: what 10,000 accounts cost;
    --setup: how soon somebody has mail.
    """
    _provide_engine(call)
    chosen = {"soak": soak, "change": change, "clients": clients, "path": path, "hosts": hosts, "tracing": trace}
    chosen |= {"accounts": accounts, "setup": setup}
    name = next((name for name, is_chosen in chosen.items() if is_chosen), "run")
    results = ROOT / "bench" / ("results.json" if name == "run" else f"{name}.json")
    started = time.time()
    code = _run(call, "python", f"bench/{name}.py")
    if results.exists() and results.stat().st_mtime >= started:
        call.console.data(json.loads(results.read_text()))
    return code


def _provide_engine(call: commands.Call) -> None:
    from mailrig.engine.install import engine_at
    from mailrig.inventory.engine import LOCAL

    engine_at(LOCAL, lambda text: call.console.step("engine", text))


def _run(call: commands.Call, program: str, *arguments: str) -> int:
    """Run one of the environment's programs in the checkout, and return its exit code."""
    return subprocess.run([BIN / program, *arguments], cwd=ROOT, check=False, stdout=_beside_data(call)).returncode


def _beside_data(call: commands.Call) -> TextIO | None:
    """Return where another program's words go: with --json, standard output is for data alone."""
    return sys.stderr if call.console.is_json else None


ns = collection_of(
    *VERBS,
    Verb(check),
    Verb(test, help={"unit": "those without Docker", "integration": "those with real containers"}),
    Verb(
        bench,
        help={
            "accounts": "what 10,000 accounts cost, and how soon another one is in force",
            "change": "what each kind of change interrupts, beside docker restart and docker compose",
            "path": "messages a second from port 25 of a gateway to a mailbox on another host, in the test world",
            "clients": "whether real servers answer every mail client as predicted, in hundreds of TLS settings",
            "trace": "how long it takes to follow a message through 1 GB of logs",
            "hosts": "how long a deploy with nothing to do takes over 1, 5 and 20 hosts",
            "setup": "how soon somebody has mail in Thunderbird, on a phone and in Outlook, by the set-up page alone",
            "soak": "whether each accepted message arrives exactly once, while everything is changed and killed",
        },
    ),
)
