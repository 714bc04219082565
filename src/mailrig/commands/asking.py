"""Where the password of an account comes from: a prompt, standard input, or a generator; never an argument."""

from __future__ import annotations

from dataclasses import dataclass

from mailrig.commands.call import Call
from mailrig.errors import MailrigError
from mailrig.secret import Secret

_WAYS = "--generate makes one, --kept has it made and kept, --stdin reads it from standard input"


@dataclass(frozen=True)
class Ways:
    """How the password is to be had; without any, by asking the person at the terminal."""

    stdin: bool = False
    generate: bool = False
    kept: bool = False
    hashed: bool = False

    def __post_init__(self) -> None:
        if self.stdin + self.generate + self.kept > 1:
            raise MailrigError("--stdin, --generate and --kept exclude one another", hint="a password comes one way")
        if self.hashed and not self.stdin:
            raise MailrigError("--hashed goes with --stdin", hint="a hash is not typed")

    @property
    def is_any(self) -> bool:
        """Whether a way was asked for."""
        return self.stdin or self.generate or self.kept or self.hashed


@dataclass(frozen=True)
class Obtained:
    """A password's ``hash``, None for one that mailrig makes and keeps; ``shown`` is one that nobody has seen yet."""

    hash: Secret | None
    shown: Secret | None = None


def password(call: Call, ways: Ways, address: str) -> Obtained:
    """Return the password of an account, the way it was asked for."""
    from mailrig.inventory import passwords

    if ways.kept:
        return Obtained(None)
    if ways.generate:
        made = passwords.generate()
        return Obtained(passwords.hash_of(made), made)
    given = _from_input(call) if ways.stdin else _from_person(call, address)
    if ways.hashed:
        if not passwords.is_hash(given.reveal()):
            known = ", ".join(f"{{{scheme}}}" for scheme in passwords.SCHEMES)
            raise MailrigError(
                "what came from standard input is no hash", hint=f"known are {known}; give the whole line"
            )
        return Obtained(given)
    if fault := passwords.fault(given):
        raise MailrigError(f"the password of `{address}` will not do: {fault}", hint=_WAYS)
    return Obtained(passwords.hash_of(given))


def _from_input(call: Call) -> Secret:
    try:
        return Secret(call.console.given())
    except UnicodeDecodeError:
        raise MailrigError("what came from standard input is not UTF-8", hint=_WAYS) from None


def _from_person(call: Call, address: str) -> Secret:
    first = call.console.secret(f"password of {address}: ")
    if first is None:
        raise MailrigError(f"there is nobody to ask for the password of `{address}`", hint=_WAYS)
    if first != call.console.secret("once more: "):
        raise MailrigError(
            "the two are not the same; nothing was changed", hint="type it again, or let --generate make one"
        )
    return Secret(first)
