"""Asks every probe, side by side where they do not touch each other; must not know what any of them asks."""

from __future__ import annotations

import functools
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from mailrig.verify import crowd as crowds
from mailrig.verify import delivery, gateway, login, logs, relay, settings, submission, tls, web
from mailrig.verify.causes import Causes
from mailrig.verify.crowd import Crowd
from mailrig.verify.evidence import Evidence
from mailrig.verify.probe import Lane, Probe
from mailrig.verify.report import Report, Result
from mailrig.verify.target import Inside, Target

Explain = Callable[[Probe, str], str | None]


def verify(
    target: Target,
    inside: Inside | None = None,
    progress: Callable[[Result], None] | None = None,
    gated: Callable[[], None] | None = None,
    crowd: Crowd | None = None,
) -> Report:
    """Ask one host's mail service everything, as its clients would; a failure is a result, never an exception.

    ``progress`` is called with each result as it comes, and ``gated`` once, when only the answers of lanes are missing
    that take their time; always from the calling thread. ``inside`` is used from several threads at once; without it
    what only the containers know is skipped. Without a ``crowd`` no other mail clients are asked for.
    """
    start = time.perf_counter()
    evidence = Evidence(inside)
    plan = lanes(target, evidence, crowd)
    answers: dict[int, list[Result]] = {}
    missing = {number for number, lane in enumerate(plan) if lane.is_gating}
    for number, result in _ask(plan, Causes(target, evidence).explain):
        if result is not None:
            answers.setdefault(number, []).append(result)
            if progress is not None:
                progress(result)
        elif number in missing:
            missing.remove(number)
            if not missing and gated is not None:
                gated()
    ordered = tuple(result for number in range(len(plan)) for result in answers.get(number, ()))
    return Report(target.host, ordered, time.perf_counter() - start)


def lanes(target: Target, evidence: Evidence, crowd: Crowd | None = None) -> list[Lane]:
    """Lay out what is asked, in the report's order, and what has to wait for what.

    The logins come first, with right passwords and with wrong ones, whose refusals Dovecot holds back for two
    seconds (auth_failure_delay); everything else is asked in that time, and after it for all mail clients. Where
    Dovecot's penalty for addresses is on, a wrong password delays the right ones once, by four seconds.
    """
    if target.home is not None:
        return gateway.lanes(target, target.home, evidence)
    doors = [
        submission.Door(target, port) for port in ("submission", "submissions", "lmtp") if _is_for_us(target, port)
    ]
    arriving = delivery.Delivery(target, doors)
    marks = {service: Lane(prepare=functools.partial(evidence.mark, service)) for service in ("dovecot", "postfix")}
    sending = [door.lane().follow([marks["postfix"]]) for door in doors]
    opening = arriving.opening().follow([marks["dovecot"]])
    sieve = login.sieve(target)
    logins = [opening, *sending, sieve]
    arrival = arriving.arrival().follow(logins)
    pop3 = arriving.pop3().follow([arrival])
    reading = [logs.login(target, evidence, arriving).follow(logins), logs.queue(evidence, doors).follow([arrival])]
    free = [*login.clear(target), *submission.demands(target), *relay.lanes(target, evidence)]
    free += [*gateway.strangers(target), *web.lanes(target)]
    free = [lane.follow(logins) for lane in [*tls.lanes(target), *free, *settings.lanes(target, evidence)]]
    before = [*marks.values(), *logins, arrival, pop3, *login.wrong(target), *free, *reading]
    gating = [lane for lane in before if lane.is_gating]
    met = [crowds.lane(target, crowd).follow(gating)] if crowd else []
    return [*before, *met, arriving.ending().follow(before)]


def _is_for_us(target: Target, port: str) -> bool:
    """Whether mail is taken from us on a port."""
    return port != "lmtp" or not target.gateways


_AT_ONCE = 4  # gating lanes whose probes are under way: each costs the server a process, which others wait for


def _ask(plan: Sequence[Lane], explain: Explain) -> Iterator[tuple[int, Result | None]]:
    """Run every lane in a thread of its own; yield the results as they come, each with its lane's number.

    None stands for the end of a lane.
    """
    done: queue.SimpleQueue[tuple[int, Result | None]] = queue.SimpleQueue()
    turns = threading.BoundedSemaphore(_AT_ONCE)

    def run(number: int, lane: Lane) -> None:
        try:
            for result in lane.results(explain, turns if lane.is_gating else None):
                done.put((number, result))
        finally:
            done.put((number, None))

    for number, lane in enumerate(plan):
        # Daemons: an interrupted verify ends at once, whatever a server keeps a probe waiting for.
        threading.Thread(target=run, args=(number, lane), daemon=True).start()
    running = len(plan)
    while running:
        number, result = done.get()
        if result is None:
            running -= 1
        yield number, result
