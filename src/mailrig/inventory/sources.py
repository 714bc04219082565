"""Where a secret's value comes from: environment, file or command; knows nothing of what it opens."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from mailrig.secret import Secret

COMMAND_SECONDS = 30


class Unavailable(Exception):
    """A secret that could not be had; ``hint`` says what would cure it. Never holds the secret."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def fetch(tag: str, argument: str, directory: Path) -> Secret:
    """Return the secret that ``tag`` (one of SOURCES) finds for ``argument``; paths start at ``directory``."""
    text = SOURCES[tag](argument.strip(), directory).removesuffix("\n").removesuffix("\r")
    if not text:
        raise Unavailable(f"`{tag}` gave an empty secret", "see what it names: it must hold one line")
    if not text.isprintable():
        raise Unavailable(f"`{tag}` gave more than one line of text", "it must hold the secret alone, on one line")
    return Secret(text)


def _from_environment(name: str, _directory: Path) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise Unavailable(f"environment variable `{name}` is not set", f"export {name}=…") from None


def _from_file(name: str, directory: Path) -> str:
    try:
        return (directory / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = "the path starts at the inventory's directory"
        raise Unavailable(f"secret file `{name}` does not exist", hint) from None
    except OSError as error:
        raise Unavailable(f"cannot read secret file `{name}`: {error.strerror}", "check its owner and mode") from None
    except ValueError:
        raise Unavailable(f"secret file `{name}` is not text", "it must hold one line of UTF-8") from None


def _from_command(line: str, directory: Path) -> str:
    """Run ``line`` without a shell. Its output, errors too, stays out of messages: it could be the secret."""
    by_hand = f"run it by hand in the inventory's directory to see what it says; it has {COMMAND_SECONDS} s"
    try:
        arguments = shlex.split(line)
    except ValueError:
        raise Unavailable("the command has a quote that is never closed", "add the closing quote") from None
    if not arguments:
        raise Unavailable("`!command` names no command", "write `!command PROGRAM ARGUMENT…`")
    try:
        done = subprocess.run(
            arguments, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=True
        )
        return done.stdout.decode()
    except FileNotFoundError:
        raise Unavailable(f"command `{arguments[0]}` is not installed", "check its name and your PATH") from None
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"command `{arguments[0]}` failed with status {error.returncode}", by_hand) from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"command `{arguments[0]}` did not end in {COMMAND_SECONDS} s", by_hand) from None
    except OSError as error:
        raise Unavailable(f"command `{arguments[0]}` cannot be run: {error.strerror}", by_hand) from None
    except ValueError:
        raise Unavailable(f"command `{arguments[0]}` did not print text", by_hand) from None


SOURCES: dict[str, Callable[[str, Path], str]] = {
    "!env": _from_environment,
    "!file": _from_file,
    "!command": _from_command,
}
