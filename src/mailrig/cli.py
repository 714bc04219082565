"""The verbs as invoke tasks, and the `mailrig` program over them; knows nothing of what a verb does."""

from __future__ import annotations

import atexit
import gc
import inspect
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from invoke import Argument, Collection, Exit, Program, Task

from mailrig import __version__, commands
from mailrig.console import Console
from mailrig.errors import MailrigError

# A verb lives for seconds and makes few cycles: to look for them as often as usual takes a twentieth of a deploy. With
# 10,000 accounts there are half a million things to look at, which all stay; at its end nobody needs them told apart.
gc.set_threshold(1_000_000)
atexit.register(gc.freeze)

COMMON = {
    "inventory": "name or directory of the inventory (default: $MAILRIG_INVENTORY, else demo)",
    "json": "print data as JSON on standard output",
    "debug": "show the traceback of an error",
}

REPORT = "please report it, with what `--debug` prints in addition"


@dataclass(frozen=True)
class Verb:
    """A function ``run(call, **options) -> exit code`` and how it is spoken to.

    ``help`` explains its options, ``short`` gives one-letter flags, and ``operands`` names the option that
    bare words fill, as in ``restart dovecot postfix``.
    """

    run: Callable[..., int]
    help: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    operands: str | None = None

    @property
    def options(self) -> list[inspect.Parameter]:
        """The function's parameters after the call."""
        return list(inspect.signature(self.run).parameters.values())[1:]


ELSEWHERE = {
    "site": "go by what is kept on the host, without an inventory: the site's name",
    "engine": "with --site: the address of its Docker engine (default: this machine's); the certificates for tcp:// are"
    " those in $DOCKER_CERT_PATH",
}

LOCKOUT = {"allow_lockout": "a mail client, by id, that may be locked out (may be given several times)"}

KEEP_GOING = {"keep_going": "of several hosts: what one cannot stand holds up no other, and takes none back"}

EDIT = {
    "apply": "deploy at once what the inventory says then",
    "dry_run": "write nothing; show what would change in the inventory, and what a deploy would do",
}

VERBS = (
    Verb(commands.plan, help={"out": "keep the plan in this file, for deploy --plan", **LOCKOUT}),
    Verb(
        commands.deploy,
        help={
            "rebuild": "build the images anew, with today's packages on the base image that is there",
            "plan": "apply the plan in this file, and refuse when anything has changed since",
            **LOCKOUT,
            **KEEP_GOING,
        },
    ),
    Verb(
        commands.rollback,
        help={
            "release": "its name, or the beginning of it; without one, the last verified before",
            **ELSEWHERE,
            **KEEP_GOING,
        },
        operands="release",
    ),
    Verb(commands.history, help={"audit": "every step, as JSON, one a line", **ELSEWHERE}),
    Verb(commands.diff, help={"release": "one or two names, as in history", **ELSEWHERE}, operands="release"),
    Verb(commands.lock, help={"action": "status (default) or release", **ELSEWHERE}, operands="action"),
    Verb(
        commands.verify,
        help={
            "clients": "ask for every mail client too, with its own ClientHello on each TLS port",
            "html": "write all of it into this file too, as one page to send to somebody",
        },
    ),
    Verb(commands.certs),
    Verb(
        commands.clients,
        help={
            "action": "list (default), show ID, explain ID, matrix, or capture",
            "profiles": "matrix: not this inventory's ports, but each profile, with each kind of certificate",
            "port": "explain, matrix: a port by its number or name; capture: where to listen (default: 8993)",
            "starttls": "capture: imap or smtp, for a client that begins in the clear",
            "address": "capture: the address to listen on (default: 127.0.0.1, this machine alone)",
        },
        operands="action",
    ),
    Verb(
        commands.setup,
        help={
            "action": "show ADDRESS: what its owner's mail programs have to be told",
            "qr": "draw the code that Thunderbird on a phone reads, where it imports settings",
            "mobileconfig": "write a profile for iPhone, iPad and Mac into this file",
        },
        operands="action",
    ),
    Verb(
        commands.dns,
        help={
            "action": "show (default) or check, and the domains that it is about; without one, all of them",
            "zone": "show: as zone files, each to be loaded by a name server",
            "resolver": "check: the resolver to ask, ADDR or ADDR:port (default: this machine's)",
        },
        operands="action",
    ),
    Verb(
        commands.account,
        help={
            "action": "list [DOMAIN…] (default), add ADDRESS, import FILE.csv, enable, disable or remove ADDRESS…,"
            " passwd ADDRESS",
            "quota": "add: largest mailbox, as in 5G",
            "disabled": "add: no login yet, but mail is delivered",
            "stdin": "add, passwd: the password is on standard input; else you are asked for it",
            "generate": "add, passwd, import: make a password, and show it this once",
            "kept": "add, passwd, import: write !generated: the password is made, and kept in the inventory's .state/",
            "hashed": "with --stdin: what is there is a hash already",
            "reveal": "with --json: generated passwords are in the data too",
            "with_aliases": "remove: take the account out of aliases too, and an alias that leads nowhere then",
            "purge": "remove: delete the mail of this address, which is no account any more",
            **EDIT,
        },
        operands="action",
    ),
    Verb(
        commands.alias,
        help={"action": "list [DOMAIN…] (default), add ALIAS TARGET…, remove ALIAS [TARGET…]", **EDIT},
        operands="action",
    ),
    Verb(
        commands.domain,
        help={"action": "list (default), add DOMAIN…, remove DOMAIN…", **EDIT},
        operands="action",
    ),
    Verb(
        commands.host,
        help={"action": "check (default), with names of hosts, without one all of them; or bootstrap and a name"},
        operands="action",
    ),
    Verb(commands.status),
    Verb(
        commands.logs,
        help={
            "service": "dovecot, postfix, setup, roundcube, web; without one, all of them",
            "follow": "go on as lines come",
            "lines": "how many of the last lines to begin with (default: 50); with --explain, of each log file",
            "explain": "say who cannot log in or send, why, and what helps, by client address, newest first: out of the"
            " log files of the last 24 hours; what `verify` and the health checks did is left out, and counted",
        },
        short={"follow": "f"},
        operands="service",
    ),
    Verb(
        commands.trace,
        help={
            "message": "a message id, a queue id, or an address: the newest messages from it and to it",
            "count": "of an address: how many messages, the newest (default: 20, at most 500)",
        },
        operands="message",
    ),
    Verb(
        commands.restart,
        help={"service": "dovecot, postfix, setup, roundcube, web; without one, all of them, in order"},
        operands="service",
    ),
    Verb(
        commands.render,
        help={"dry_run": "write nothing; show what would change, as a unified diff"},
    ),
    Verb(
        commands.down,
        help={"volumes": "remove this volume too, with everything in it (may be given several times)"},
    ),
    Verb(commands.init, help={"directory": "the directory to make"}, operands="directory"),
    Verb(commands.schema),
)


class Operands(Argument):
    """A list argument that bare words fill: none, one or many, which invoke's own positional arguments cannot be.

    invoke's parser takes a positional argument as still to be filled while its value is None, and asks that at two
    occasions: when it wonders what to do with a word (always, then), and at the end, when it would complain (never).
    Only who asks tells the two apart.
    """

    @property
    def value(self) -> Any:
        """The words so far; to the parser that looks at a word, nothing yet."""
        asking = sys._getframe(1)  # noqa: SLF001
        while asking.f_code.co_name in {"<listcomp>", "missing_positional_args"} and asking.f_back:
            asking = asking.f_back
        looks_at_word = asking.f_code.co_name == "handle" and not asking.f_locals["token"].startswith("-")
        return None if looks_at_word or asking.f_code.co_name == "see_positional_arg" else self._value

    @value.setter
    def value(self, word: str) -> None:
        self.set_value(word)


class VerbTask(Task[Callable[..., None]]):
    """An invoke task made from a verb."""

    def __init__(self, verb: Verb) -> None:
        self.verb = verb
        iterable = [option.name for option in verb.options if option.default == ()]
        super().__init__(
            _body(verb),
            name=verb.run.__name__,
            help={**COMMON, **verb.help},
            iterable=iterable,
            auto_shortflags=False,
        )

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        """Return the verb's options, as invoke derives them, with its operands and short flags."""
        return [self._argument(argument) for argument in super().get_arguments(ignore_unknown_help)]

    def _argument(self, argument: Argument) -> Argument:
        name = str(argument.name)
        if name == self.verb.operands:
            return Operands(names=argument.names, kind=list, help=argument.help, positional=True)
        if name in self.verb.short:
            argument.names = (*argument.names, self.verb.short[name])
        return argument


def collection_of(*verbs: Verb) -> Collection:
    """Return the verbs as what invoke loads from a tasks.py."""
    return Collection(*(VerbTask(verb) for verb in verbs))


def _body(verb: Verb) -> Callable[..., None]:
    """Return a function that invoke can inspect and call: the verb's options and the common ones."""

    def body(_context: object, *, inventory: str | None, json: bool, debug: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is open is closed
        console = Console(is_json=json)
        call = commands.Call(console=console, inventory=inventory)
        if code := _exit_code(verb, call, options, debug=debug):
            raise Exit(code=code)

    keyword = inspect.Parameter.KEYWORD_ONLY
    common = [
        inspect.Parameter(name, keyword, default=default)
        for name, default in {"inventory": None, "json": False, "debug": False}.items()
    ]
    # invoke takes a default's type for the option's own, and tuple("abc") is not what was said.
    parameters = [
        option.replace(kind=keyword, default=None if option.default == () else option.default)
        for option in verb.options
    ]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    body.__signature__ = inspect.Signature([context, *parameters, *common])  # type: ignore[attr-defined]
    body.__doc__ = verb.run.__doc__
    return body


def _exit_code(verb: Verb, call: commands.Call, options: Mapping[str, Any], *, debug: bool) -> int:
    """Run a verb; what it raises becomes a message and an exit code."""
    try:
        return verb.run(call, **options)
    except MailrigError as error:
        if debug:
            raise
        call.console.error(error)
        call.console.data({"error": [problem.message for problem in error.problems]})
        return 1
    except KeyboardInterrupt:
        call.console.note("interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # a defect of ours, which a user should not meet as a traceback
        if debug:
            raise
        call.console.error(MailrigError(f"this should not have happened: {error!r}", hint=REPORT))
        return 1


def main() -> None:
    """Run the console script `mailrig`."""
    Program(name="mailrig", binary="mailrig", namespace=collection_of(*VERBS), version=__version__).run()
