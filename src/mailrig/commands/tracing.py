"""The verb that follows a message through all hosts: trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mailrig.commands.call import Call
from mailrig.errors import MailrigError, Problem

if TYPE_CHECKING:
    from mailrig.engine.connection import Engine
    from mailrig.engine.logsearch import File, Place
    from mailrig.inventory.model import Inventory
    from mailrig.trace.lines import Line
    from mailrig.trace.query import Needles, Query
    from mailrig.trace.story import Told

COUNT = 20
"""How many messages and refusals are told of an address, the newest."""

MOST = 500
"""The largest count: its ids are arguments of one command."""


@dataclass(frozen=True)
class Log:
    """The log files of a service on a host, and where they are searched."""

    host: str
    service: str
    engine: Engine
    place: Place


@dataclass
class Logs:
    """All logs of a site that can be reached; when each host's begin and end, and what failed, by host and service."""

    logs: list[Log]
    known: Mapping[tuple[str, str], str]
    span: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    failed: dict[tuple[str, str], MailrigError] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def errors(self) -> Mapping[str, MailrigError]:
        """What failed, by host."""
        problems: dict[str, list[Problem]] = {}
        for (host, _), error in self.failed.items():
            problems.setdefault(host, []).extend(error.problems)
        return {host: MailrigError.of(several) for host, several in problems.items()}

    def span_of(self, host: str) -> str:
        """Say from when to when a host's logs go."""
        if host not in self.span:
            return "no lines"
        first, last = self.span[host]
        return f"{first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S}"

    def look(self, needles: Needles, limit: int) -> list[Line]:
        """Search all of them at once; what cannot be searched is remembered, and left out."""
        wanted = [log for log in self.logs if needles.of(log.service) and (log.host, log.service) not in self.failed]
        with ThreadPoolExecutor(max_workers=max(len(wanted), 1)) as threads:
            found = [(log, threads.submit(_search, log, needles, limit)) for log in wanted]
        lines = []
        for log, done in found:
            try:
                lines += [line for file in done.result() for line in self._lines(log, file)]
            except MailrigError as error:
                self.failed[log.host, log.service] = error
        return lines

    def _lines(self, log: Log, file: File) -> Iterator[Line]:
        from mailrig.trace.lines import parsed, time_of

        self.is_cut = self.is_cut or file.is_cut
        if first := time_of(file.first, file.written):
            before = self.span.get(log.host, (first, file.written))
            self.span[log.host] = min(before[0], first), max(before[1], file.written)
        yield from parsed(log.host, log.service, file.lines, file.written)


def _search(log: Log, needles: Needles, limit: int) -> list[File]:
    from mailrig.engine.logsearch import Search, search
    from mailrig.trace.lines import FILES

    wanted = Search(needles.of(log.service), limit, needles.in_any_case, needles.since, needles.until)
    return search(log.engine, log.place, FILES[log.service], wanted)


def trace(call: Call, message: tuple[str, ...] = (), count: str = str(COUNT)) -> int:
    """Follow a message through all hosts, by its message id or queue id, or the newest from and to an address.

    Says who handed it over, each attempt and its answer, the mailboxes it came to, and when it came to one twice.
    Exits 1 when nothing is found, and when a host could not be asked.
    """
    from mailrig.apply.hosts import together
    from mailrig.trace.assembly import told
    from mailrig.trace.pursuit import Pursuit

    query, most = _asked(message), _most(count)
    inventory = call.load()
    with ExitStack() as stack:
        logs, error = _open(call, inventory, stack)
        pursuit = Pursuit(query, most)
        found = told(query, pursuit.run(logs.look), most, left_out=pursuit.left_out)
    missing = [one for one in (error, together(logs.errors, among=inventory.site.hosts)) if one]
    if not (found.stories or found.refusals):
        missing.insert(0, _not_found(query, logs))
    _show(call, query, replace(found, more=found.more or logs.is_cut), logs, missing)
    return 1 if missing else 0


def _asked(message: tuple[str, ...]) -> Query:
    from mailrig.trace.query import understood

    if len(message) > 1:
        raise MailrigError("trace follows one message at a time", hint="quote a message id: '<…>'")
    return understood(message[0] if message else "")


def _most(count: str) -> int:
    if not count.isdecimal() or not 0 < int(count) <= MOST:
        raise MailrigError(f"--count {count}: a number from 1 to {MOST} is due")
    return int(count)


def _open(call: Call, inventory: Inventory, stack: ExitStack) -> tuple[Logs, MailrigError | None]:
    """Find the logs of every host, and what is known of addresses in them; return what went wrong on some, too."""
    from mailrig.apply.hosts import each
    from mailrig.engine.addresses import names_of
    from mailrig.engine.logsearch import place
    from mailrig.render import render
    from mailrig.trace.lines import FILES

    failed: dict[tuple[str, str], MailrigError] = {}

    def of_host(host: str) -> tuple[list[Log], dict[str, str]]:
        engine, release = call.engine(inventory, host), render(inventory, host)
        logs = []
        for service in (one for one in release.services if one.name in FILES):
            try:
                logs.append(Log(host, service.name, engine, stack.enter_context(place(engine, release, service))))
            except MailrigError as error:  # the host's other logs tell what they know all the same
                failed[host, service.name] = error
        return logs, names_of(engine, release.project)

    done, error = each(inventory.site.hosts, of_host)
    known = {(host, address): name for host, (_, names) in done.items() for address, name in names.items()}
    return Logs([log for logs, _ in done.values() for log in logs], known, failed=failed), error


def _not_found(query: Query, logs: Logs) -> MailrigError:
    """Say what was searched, and from when to when."""
    from mailrig.trace.text import printable

    if not logs.logs:
        return MailrigError(f"`{printable(query.text)}` was not looked for: no host could be asked")
    hosts = dict.fromkeys(log.host for log in logs.logs)
    where = ", ".join(f"{host} ({logs.span_of(host)})" for host in hosts)
    hint = (
        "a message id, a queue id and an address are found only as a whole; `logs --explain` knows who was locked out"
    )
    return MailrigError(f"`{printable(query.text)}` is nowhere in the logs of {where}", hint=hint)


def _show(call: Call, query: Query, found: Told, logs: Logs, missing: list[MailrigError]) -> None:
    from mailrig.trace.data import refusal_data, story_data
    from mailrig.trace.text import text

    problems: list[Problem] = [problem for error in missing for problem in error.problems]
    call.console.data(
        {
            "asked": query.text,
            "messages": [story_data(story) for story in found.stories],
            "refused": [refusal_data(refusal) for refusal in found.refusals],
            "more": found.more,
            "searched": {host: {"from": a.isoformat(), "to": b.isoformat()} for host, (a, b) in logs.span.items()},
            "missing": [problem.message for problem in problems],
        }
    )
    if found.stories or found.refusals:
        call.console.text(text(found, logs.known))
    if found.more:
        call.console.note("there is more, which is older: --count shows more")
    if problems:
        call.console.error(MailrigError.of(problems))
