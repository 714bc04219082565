"""One deploy on several hosts as one transaction: in force on all of them, or on none; knows nothing of what is done.

All hosts are looked at, locked and judged before the first is changed, and stay locked to the end. They are changed
rank by rank, those of one rank at once. When one fails, those that have passed already go back in the reverse order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from mailrig.apply.deployment import Deployment
from mailrig.apply.hosts import at_once, together
from mailrig.apply.waiting import Progress
from mailrig.apply.wanted import Result
from mailrig.errors import MailrigError


class Coordinator:
    """Carries out one deployment a host.

    ``ranks`` says of each host when its turn comes, ``errors`` what is known already to speak against it. With
    ``keep_going`` no host waits for another to succeed, or goes back for it. What came of each host is in ``results``
    and ``errors`` at any moment, also after Ctrl-C: then nobody goes back, and those at work stop before their next
    step.
    """

    def __init__(
        self,
        deployments: Mapping[str, Deployment],
        ranks: Mapping[str, int],
        errors: Mapping[str, MailrigError],
        *,
        keep_going: bool = False,
    ) -> None:
        self.deployments = deployments
        self.ranks = ranks
        self.errors = dict(errors)
        self.keep_going = keep_going
        self._is_undone = False
        self._interrupted = threading.Event()
        for deployment in deployments.values():
            step = stopping(self._interrupted, deployment.audience.step)
            deployment.audience = replace(deployment.audience, step=step)

    @property
    def results(self) -> dict[str, Result]:
        """How it went on each host of which something is known."""
        return {host: one.result for host, one in self.deployments.items() if one.result is not None}

    def stays(self, host: str) -> bool:
        """Whether a host was to go back, and there is nothing to go back to."""
        return self._is_undone and host not in self.errors and self.deployments[host].has_passed

    def is_begun(self, host: str) -> bool:
        """Whether anything was done on a host."""
        return host in self.deployments and self.deployments[host].is_begun

    def run(self) -> None:
        """Do all of it; raise with everything that speaks against it, on whichever host, before anything is changed."""
        try:
            self._prepare()
            self._carry_out()
        finally:
            at_once(self.deployments, lambda host: self.deployments[host].close())

    def _prepare(self) -> None:
        self._each(self.deployments, lambda one: one.look())
        if self._may_go_on:
            self._lock()
        self._each(self.deployments, lambda one: one.judge())
        self._refuse()

    def _refuse(self) -> None:
        """Raise what speaks against it; nothing has been changed yet."""
        if not self._may_go_on and (error := together(self.errors, among=self.ranks)):
            raise error

    @property
    def _may_go_on(self) -> bool:
        return not self.errors or (self.keep_going and len(self.errors) < len(self.ranks))

    def _lock(self) -> None:
        """Take every lock: the first by name alone, so that of two who want the same hosts one gets them all."""
        first, others = self._needed[:1], self._needed[1:]
        self._each(first, lambda one: one.lock())
        if self._may_go_on:
            self._each(others, lambda one: one.lock())

    @property
    def _needed(self) -> list[str]:
        return sorted(host for host, one in self.deployments.items() if one.is_needed and host not in self.errors)

    def _carry_out(self) -> None:
        begun = [host for host in self.deployments if host in self._needed]
        try:
            for host in begun:  # one after the other, and all before anything is changed: a hook may refuse
                self._each([host], lambda one: one.begin())
            if not self._may_go_on:
                self._spare()
            self._refuse()
            self._bring()
            self._each(begun, lambda one: one.let_go())
        finally:
            for host in begun:
                self.deployments[host].end()

    def _bring(self) -> None:
        """Change the hosts in their order; when one fails, take back those that have passed, and spare the others."""
        for hosts in _by_rank(self.ranks, self._needed):
            self._each(hosts, lambda one: one.bring())
            if self._failed and not self.keep_going:
                self._take_back()
                break

    @property
    def _failed(self) -> list[str]:
        return [host for host, one in self.deployments.items() if host in self.errors or one.has_failed]

    def _take_back(self) -> None:
        cause = f"{', '.join(self._failed)} failed"
        self._is_undone = True
        self._spare()
        passed = [host for host, one in self.deployments.items() if one.has_passed and host not in self.errors]
        for hosts in reversed(_by_rank(self.ranks, passed)):
            self._each(hosts, lambda one: one.go_back(cause))

    def _spare(self) -> None:
        for host, deployment in self.deployments.items():
            if host not in self.errors:
                deployment.spare()

    def _each(self, hosts: Iterable[str], do: Callable[[Deployment], None]) -> None:
        """Do something on hosts at once, but for those on which something went wrong; keep what goes wrong now."""
        well = [host for host in hosts if host not in self.errors]
        _, errors = at_once(well, lambda host: do(self.deployments[host]), interrupted=self._interrupted.set)
        self.errors.update(errors)


def _by_rank(ranks: Mapping[str, int], hosts: Collection[str]) -> list[list[str]]:
    """Return the hosts in the order in which they are changed; those that are changed at once stand together."""
    return [[host for host in hosts if ranks[host] == rank] for rank in sorted({ranks[host] for host in hosts})]


def stopping(interrupted: threading.Event, step: Progress) -> Progress:
    """Return ``step``, which stops whoever says one once ``interrupted`` is set: only the main thread gets Ctrl-C."""
    pending = [KeyboardInterrupt]

    def told(subject: str, text: str) -> None:
        if interrupted.is_set() and pending:
            raise pending.pop()
        step(subject, text)

    return told
