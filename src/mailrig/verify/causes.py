"""Names the likely cause of a failed probe, from the containers' state, settings and logs; must not judge anew."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

from mailrig.clients.certificate import covers
from mailrig.diagnosis.signatures import Kind, Signature, signatures
from mailrig.verify import settings, tls
from mailrig.verify.evidence import AUTH_SOCKET, LOGS, MAIL_LOG, Evidence
from mailrig.verify.probe import Probe
from mailrig.verify.target import Target

_TELLING = (Kind.SERVER, Kind.DELIVERY)
"""Only what the server does or lacks explains why a probe failed; a probe's own wrong password is in the log too."""


class Causes:
    """What a failed probe may owe to; every explanation is a guess with evidence, never a finding of its own."""

    def __init__(self, target: Target, evidence: Evidence) -> None:
        self._target = target
        self._evidence = evidence
        self._rules: tuple[tuple[str, Callable[[Probe], str | None]], ...] = (
            (r"", self._elsewhere),
            (r"", self._container),
            (r"^stranger ", lambda _: "`extra.dovecot` overrides it, or the release is not in force"),
            (r"^hand-over ", self._hand_over),
            (r"^policy .*certificate is not accepted", self._policy_name),
            (r"certificate is not accepted", self._certificate),
            (r"^\S+ \S+: .*\b50[234]\b", self._behind_the_door),
            (
                r"^(headers|stranger-name|redirect|policy) ",
                lambda _: "the release is not in force: what does `status` say?",
            ),
            (r"^tls-1\.2 .*(closed|alert 40)", self._no_common_suite),
            (r"^tls-1\.[23] .*alert 70", self._version),
            (r"not TLS", lambda _: "the port speaks in the clear first: is it the STARTTLS port?"),
            (r"^tls-1\.2 .*is accepted", self._version),
            (r"^relay inside-", self._caller),
            (r"relays for a stranger", self._open_relay),
            (r"^(arrive |log-line .*, but:)", self._undelivered),
            (r"^once ", self._duplicates),
            (r"^(log-line|setting log-files) ", self._silent_log),
            (r"^setting auth-socket", self._auth_socket),
            (r"^setting ", lambda _: "the inventory's `extra` settings override it, or the release is not in force"),
            (r"^(?!tls-|certificate)\S+ submissions?:", self._auth_socket),
            (r"^login .*(AUTHENTICATIONFAILED|\[AUTH\]|535|Authentication failed)", self._another_password),
            (r"the connection is refused", self._not_listening),
            (r"", self._logged),
            (
                r"closed the connection",
                lambda probe: f"Docker takes the call, but {probe.service} does not answer",
            ),
            (r"no answer in time", lambda probe: f"a firewall drops packets to the port, or {probe.service} hangs"),
        )

    def explain(self, probe: Probe, seen: str) -> str | None:
        """Return the likely cause in one line, None when there is no idea."""
        for pattern, rule in self._rules:
            if re.search(pattern, f"{probe.name} {probe.subject}: {seen}"):
                cause = None
                with contextlib.suppress(Exception):  # a server in trouble cannot always be asked why
                    cause = rule(probe)
                if cause is not None:
                    return cause
        return None

    def _elsewhere(self, probe: Probe) -> str | None:
        if probe.service in self._target.services or self._target.home is None:
            return None
        return f"the mailboxes are on `{self._target.home.host}`: what does `verify` find there?"

    def _hand_over(self, _probe: Probe) -> str:
        """Point at what keeps a gateway out, to which home then says what it says to strangers."""
        home = self._target.home.host if self._target.home else "home"
        return (
            f"is `{home}` deployed and reached over the VPN, and does the gateway come from its `vpn_address`? "
            f"The log of `{home}` has the address: `Connect from …`"
        )

    def _container(self, probe: Probe) -> str | None:
        state = self._evidence.state(probe.service)
        return None if state.startswith("running") else f"{probe.service.capitalize()} is not running: {state}"

    def _caller(self, _probe: Probe) -> str | None:
        state = self._evidence.state("dovecot")
        return None if state.startswith("running") else f"Dovecot's container, from which it is tried, is {state}"

    def _not_listening(self, probe: Probe) -> str:
        to = self._target.endpoints.get(probe.subject)
        return f"nothing listens on {to or probe.subject}: is the port published on this address?"

    def _certificate(self, probe: Probe) -> str:
        found = tls.read(self._target, probe.subject)
        names = tls.names(found)
        if not any(covers(name, self._target.hostname) for name in names):
            return f"the certificate is for {', '.join(names) or 'no name at all'}, not for {self._target.hostname}"
        if (days := tls.days_left(found)) < 0:
            return f"the certificate expired {-days} days ago"
        return f"the certificate is issued by {tls.issuer(found)}, which clients of this site do not trust"

    def _policy_name(self, _probe: Probe) -> str:
        found = tls.names(tls.read(self._target, "https"))
        wanted = [f"mta-sts.{domain}" for domain in (self._target.web.domains if self._target.web else ())]
        lacking = [name for name in wanted if not any(covers(one, name) for one in found)]
        return (
            f"the certificate is for {', '.join(found) or 'no name at all'}, not for {', '.join(lacking) or wanted[0]}"
        )

    def _behind_the_door(self, probe: Probe) -> str | None:
        """Name who does not answer: each request is asked about at `setup`, whatever it is for."""
        for service in dict.fromkeys(("setup", probe.service)):
            if not (state := self._evidence.state(service)).startswith("running"):
                return f"{service.capitalize()} is not running: {state}"
        return f"{probe.service} runs, and does not answer `web`"

    def _no_common_suite(self, probe: Probe) -> str | None:
        """Look for the incident again: the leaf's key is of one kind, all suites of the other."""
        port = probe.subject
        tls.handshake(self._target, port, tls.VERSIONS["tls-1.3"])  # an open door in 1.3 leaves only the suites
        kind = tls.key_type(tls.leaf(self._target, port, tls.VERSIONS["tls-1.3"]))
        told = "TLS 1.3 works, and TLS 1.2 has no suite to agree on"
        if not self._evidence.is_available or probe.service != "dovecot":
            return f"{told}: is one in the list for the certificate's {kind} key?"
        listed = settings.suites(self._evidence.settings("dovecot").get("ssl_cipher_list", ""))
        if any(f"-{kind}-" in suite for suite in listed):
            return f"{told}, although ssl_cipher_list has suites for the certificate's {kind} key"
        return f"{told}: the certificate's key is {kind}, none of the {len(listed)} suites in ssl_cipher_list is for it"

    def _version(self, probe: Probe) -> str:
        """Quote what governs the protocol on this port."""
        values = self._evidence.settings(probe.service)
        names = ("ssl_min_protocol",) if probe.service == "dovecot" else ("smtpd_tls_mandatory_protocols",)
        if probe.subject == "smtp":
            names = ("smtpd_tls_protocols",)
        return ", ".join(f"{name} is `{values.get(name, '')}`" for name in names)

    def _another_password(self, _probe: Probe) -> str:
        return f"the server knows {self._target.login} with another password, or not at all: has it been deployed?"

    def _auth_socket(self, _probe: Probe) -> str | None:
        """Look for the socket, without which Postfix offers no AUTH or ends the session; mostly Dovecot is dead."""
        state = self._evidence.state("dovecot")
        is_there = self._evidence.has_auth_socket()
        if not state.startswith("running"):
            what = "nobody answers at the auth socket" if is_there else "the auth socket is missing"
            return f"{what} because Dovecot is not running: {state}"
        if not is_there:
            return f"the auth socket {AUTH_SOCKET} is missing though Dovecot runs: does `service auth` listen there?"
        return None

    def _open_relay(self, _probe: Probe) -> str | None:
        values = self._evidence.settings("postfix")
        if beyond := settings.networks_beyond_loopback(values.get("mynetworks", "")):
            return f"mynetworks trusts {', '.join(beyond)}"
        if "_unauth_destination" not in (value := values.get("smtpd_relay_restrictions", "")):
            return f"smtpd_relay_restrictions does not refuse foreign destinations: {value or 'empty'}"
        return None

    def _undelivered(self, probe: Probe) -> str | None:
        if probe.service != "postfix":
            return None
        stuck = self._evidence.lines("postfix", r"status=(deferred|bounced|expired)")
        if not stuck:
            return "Postfix has not tried to deliver it yet: is the queue manager running?"
        reason = re.sub(r"^.*status=(\w+) \((.*)\)$", r"\1: \2", stuck[-1])
        if "dovecot" in self._target.services and not (state := self._evidence.state("dovecot")).startswith("running"):
            return f"{reason}; Dovecot is not running: {state}"
        known = _known("postfix", [stuck[-1]])
        return f"{reason} ({known})" if known else reason

    def _duplicates(self, _probe: Probe) -> str:
        address = re.escape(f"to=<{self._target.login}>")
        sent = self._evidence.lines("postfix", rf"{address}.* status=sent")
        return f"{MAIL_LOG} shows {len(sent)} deliveries in all: look for bcc maps, aliases or a Sieve script"

    def _silent_log(self, probe: Probe) -> str:
        if probe.service == "postfix":
            return "rsyslogd does not run, or does not listen on Postfix's dev/log"
        return "Dovecot's log settings send the line elsewhere, or /var/log cannot be written"

    def _logged(self, probe: Probe) -> str | None:
        if probe.service not in LOGS:
            return None
        patterns = "|".join(f"(?:{signature.entry.pattern})" for signature in _telling(probe.service))
        return _known(probe.service, self._evidence.lines(probe.service, patterns))


def _known(service: str, lines: list[str]) -> str | None:
    known = (signature.entry.cause for signature in _telling(service) if any(map(signature.fits, lines)))
    return next(known, None)


def _telling(service: str) -> list[Signature]:
    return [one for one in signatures(service) if one.kind in _TELLING and not one.is_vague]
