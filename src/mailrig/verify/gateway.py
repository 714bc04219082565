"""What is asked of a gateway, and of the port that a home has for it; must not know how mail gets there."""

from __future__ import annotations

import functools
import re

from mailrig.errors import VerifyError
from mailrig.verify import logs, relay, settings, tls, web
from mailrig.verify.connection import ME
from mailrig.verify.delivery import Delivery
from mailrig.verify.evidence import Evidence, last_line
from mailrig.verify.fault import text
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.submission import COMPLETED, Door, lmtp
from mailrig.verify.target import Target

_REFUSED = re.compile(r"[45]\d\d ")


def lanes(target: Target, home: Target, evidence: Evidence) -> list[Lane]:
    """Lay out what a gateway is asked: a message goes in at port 25 and is read at home, and nothing else goes in.

    A stranger has to wait for the greeting, and is known after it: everything else is asked once one of us was greeted.
    """
    door = Door(target, "smtp")
    arriving = Delivery(home, [door], service=f"dovecot of {home.host}")
    marked = Lane(prepare=functools.partial(evidence.mark, "postfix"))
    sending = door.lane().follow([marked])
    opening = arriving.opening()
    arrival = arriving.arrival().follow([opening, sending])
    inside = Lane([Probe("hand-over", "inside", "postfix", functools.partial(_hand_over, target, evidence))])
    free = [*tls.lanes(target, ["smtp"]), *relay.public(target), *settings.lanes(target, evidence), *web.lanes(target)]
    free = [lane.follow([sending]) for lane in free]
    before = [marked, opening, sending, inside, arrival, *free, logs.queue(evidence, [door]).follow([arrival])]
    return [*before, arriving.ending().follow(before)]


def _hand_over(target: Target, evidence: Evidence) -> str:
    """From the gateway's container: home answers, and takes mail for the probe from this address."""
    transport = evidence.settings("postfix").get("virtual_transport", "")
    to = re.fullmatch(r"lmtp:inet:\[([0-9.]+)\]:(\d+)", transport)
    if to is None:
        raise VerifyError(f"virtual_transport hands over by `{transport}`, not to an address and a port")
    said = (f"LHLO {ME}", "MAIL FROM:<>", f"RCPT TO:<{target.login}>", "QUIT")
    argv = ("timeout", "15", "bash", "-c", relay.DIALOGUE, "hand-over", to[1], to[2], *said)
    code, output = evidence.run("postfix", *argv)
    dialogue = relay.transcript(output)
    if code != 0 or not dialogue:
        raise VerifyError(f"{to[1]}:{to[2]} does not answer from inside the gateway: {last_line(output)}")
    reply = dict(dialogue)[said[2]]
    if _REFUSED.match(reply):
        raise VerifyError(f"{to[1]}:{to[2]} answers, and does not take mail from here: {reply}")
    return f"{to[1]}:{to[2]} answers: {reply}"


def strangers(target: Target) -> list[Lane]:
    """Ask the port that a home has for its gateways for what it must not give to anybody else."""
    ask = functools.partial(_stranger, target)
    return [Lane([Probe("stranger", "lmtp", "dovecot", ask)])] if target.gateways else []


def _stranger(target: Target) -> str:
    with lmtp(target) as session:
        session.mail("")
        code, words = session.rcpt(target.login)
        own = session.sock.getsockname()[0] if session.sock else ""
    answer = f"{code} {text(words)}"
    if code != COMPLETED:
        return f"refused: {answer}"
    if own in target.gateways:
        raise Skip(f"asked from {own}, which is a gateway's own address")
    raise VerifyError(f"mail is taken from {own or 'an address'} that is no gateway's: {answer}")
