"""What is wrong, or soon will be, with the certificates that ports show and that files hold; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mailrig.verify.certificates.certificate import Certificate
from mailrig.verify.certificates.configured import Configured, Setup
from mailrig.verify.certificates.presented import Port, Presented

WARNING_DAYS = 21
ERROR_DAYS = 7

Level = Literal["error", "warning"]
Age = Literal["same", "newer", "older", "other"]

# OpenSSL's X509_V_ERR_… (openssl/x509_vfy.h).
_DATES = (9, 10)  # not yet valid, expired
_ISSUER_MISSING = (2, 20, 21)
_ROOT_UNKNOWN = (18, 19)

_RENEW = (
    "renew it: `deploy` does so for the demo CA and brings what lies beside the inventory; "
    "on the Docker host it is for whoever keeps it there (certbot, tailscale)"
)


@dataclass(frozen=True)
class Finding:
    """Something wrong with a port: ``fingerprint`` tells of which certificate, None where it is of all or of none."""

    level: Level
    port: str
    message: str
    hint: str
    fingerprint: str | None = None


def findings(port: Port, setup: Setup, hostname: str, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with a port at the time ``now``, and with what its service is configured with."""
    judge = _Judge(port, setup, hostname, now)
    if port.fault is not None and setup.fault is not None:
        hint = f"`deploy` brings it up; `logs {port.service}` says why it went down, if it was up"
        yield Finding("error", port.name, f"{port.fault}: {setup.fault}", hint)
        return
    if port.fault is not None:
        hint = f"{port.service} runs: `verify` looks for the cause"
        yield Finding("error", port.name, port.fault, hint)
    for shown in port.presented:
        yield from judge.served(shown)
    yield from judge.configured()


def counterpart(shown: Presented, port: Port, setup: Setup) -> Configured | None:
    """Return the file that belongs to what a port shows.

    That is the same certificate, else one with the same kind of key, else one that the port does not show at all.
    """
    whole = [file for file in setup.files if file.fault is None]
    if same := next((file for file in whole if _is_same(file, shown)), None):
        return same
    unseen = [file for file in whole if not any(_is_same(file, other) for other in port.presented)]
    return next((file for file in unseen if file.leaf.kind == shown.leaf.kind), next(iter(unseen), None))


def age(file: Configured, shown: Presented) -> Age:
    """Compare a file with what is served: the later a certificate begins, the newer it is."""
    if _is_same(file, shown):
        return "same"
    if file.leaf.not_before == shown.leaf.not_before:
        return "other"
    return "newer" if file.leaf.not_before > shown.leaf.not_before else "older"


def _is_same(file: Configured, shown: Presented) -> bool:
    return file.leaf.fingerprint == shown.leaf.fingerprint


@dataclass(frozen=True)
class _Judge:
    """One port, so that it need not be handed from check to check."""

    port: Port
    setup: Setup
    hostname: str
    now: datetime

    def served(self, shown: Presented) -> Iterator[Finding]:
        of = shown.leaf.fingerprint
        what = f"the certificate {shown.leaf.title}"
        yield from self._dates(shown.leaf, what, of)
        yield from self._names(shown.leaf, what, of)
        yield from self._chain(shown, what)
        for sent in shown.chain[1:]:
            if not sent.is_self_issued and sent.not_after > self.now:  # one that ended may not be needed: _chain tells
                yield from self._dates(sent, f"the intermediate certificate `{sent.subject}`", of)
        yield from self._difference(shown)

    def configured(self) -> Iterator[Finding]:
        if self.setup.fault is not None:
            message = f"what is served cannot be compared with its file: {self.setup.fault}"
            yield self._finding("error", message, "`status` says how the containers are")
        elif not self.setup.files and self.port.presented:
            message = f"{self.port.service} is configured with no certificate, and yet one is served"
            yield self._finding("error", message, "`deploy` brings back what the inventory says")
        for reason in self.setup.refused:
            hint = (
                "mend the files, and they are served within a minute; where they are meant, `deploy` says what is wrong"
            )
            yield self._finding("error", f"the renewed certificate is not served, but the one before: {reason}", hint)
        for file in self.setup.files:
            if not self.setup.refused:
                yield from self._file(file)

    def _file(self, file: Configured) -> Iterator[Finding]:
        if file.fault is not None:
            hint = f"mend it before {self.port.service} reads it again: it would serve nobody"
            if self.setup.watches:
                hint = "mend it; until then, what was there before is served"
            yield self._finding("error", file.fault, hint)
            return
        if not file.key_matches:
            message = f"the key {file.key_path} does not belong to the certificate {file.path}"
            hint = "put the key there that it was issued for" + (
                "; until then, what was there before is served"
                if self.setup.watches
                else ": who reads these two, at a restart or before, serves nobody"
            )
            yield self._finding("error", message, hint, self._of(file))
        if any(_is_same(file, shown) for shown in self.port.presented):
            return
        what = f"the certificate in {file.path}, {file.leaf.title},"
        yield from self._dates(file.leaf, what, None)
        yield from self._names(file.leaf, what, None)
        is_compared = any(counterpart(shown, self.port, self.setup) == file for shown in self.port.presented)
        if self.port.is_whole and not is_compared:
            hint = f"is a suite for it in the list? If it was put there lately: {self._serving}"
            yield self._finding("warning", f"no client gets {what} by TLS 1.2", hint)

    def _dates(self, one: Certificate, what: str, of: str | None) -> Iterator[Finding]:
        days = one.days_left(self.now)
        when = f"on {one.not_after:%Y-%m-%d}"
        if one.not_before > self.now:
            hint = "check this machine's clock, and the one that issued it"
            yield self._finding("error", f"{what} begins {one.not_before:%Y-%m-%d %H:%M} UTC only", hint, of)
        if one.not_after <= self.now:
            yield self._finding("error", f"{what} ended {when}", _RENEW, of)
        elif days < WARNING_DAYS:
            level: Level = "error" if days < ERROR_DAYS else "warning"
            yield self._finding(level, f"{what} ends in {days} day{'' if days == 1 else 's'}, {when}", _RENEW, of)

    def _names(self, leaf: Certificate, what: str, of: str | None) -> Iterator[Finding]:
        if not leaf.covers(self.hostname):
            message = f"{what} is for {', '.join(leaf.names) or 'no name at all'}, not for {self.hostname}"
            hint = f"clients are told `{self.hostname}` (`hostname` in the inventory): have it issued for that name too"
            yield self._finding("error", message, hint, of)

    def _chain(self, shown: Presented, what: str) -> Iterator[Finding]:
        distrust = shown.distrust
        if distrust is None or (distrust.code in _DATES and not self._is_current(shown.leaf)):
            return
        message, hint = f"clients do not trust {what}: {distrust.message}", "have it issued anew"
        last = shown.chain[-1]
        if distrust.code in _ISSUER_MISSING:
            message = (
                f"the chain of {what} is not complete: it ends at `{last.subject}`, whose issuer `{last.issuer}` "
                "is neither sent nor a root that clients trust"
            )
            hint = self._cure_of_chain(shown)
        elif distrust.code in _ROOT_UNKNOWN:
            message = f"{what} leads to `{last.subject}`, a root that clients of this site do not trust"
            hint = "name it as `certificate.trust` if clients are told to trust it, else have one issued by a public CA"
        elif distrust.code in _DATES:
            message = f"clients do not trust {what}: in its chain, a certificate has ended or not yet begun"
            hint = "put the issuer's present intermediate certificate behind it"
        yield self._finding("error", message, hint, shown.leaf.fingerprint)

    def _cure_of_chain(self, shown: Presented) -> str:
        """Look whether the file has what is not sent."""
        file = counterpart(shown, self.port, self.setup)
        if file is not None and _is_same(file, shown) and len(file.chain) > len(shown.chain):
            return f"{file.path} has more of the chain by now: {self._serving}"
        where = file.path if file else "the certificate's file"
        return (
            f"put the intermediate certificate behind the other in {where} (certbot's fullchain.pem has it), "
            f"or name the root of a CA of your own as `certificate.trust`"
        )

    def _difference(self, shown: Presented) -> Iterator[Finding]:
        file = counterpart(shown, self.port, self.setup)
        if file is None or _is_same(file, shown) or self.setup.refused:
            return
        words = {
            "newer": ("is newer than what is served", self._serving),
            "older": ("is older than what is served", f"put the other one back, or {self._serving}"),
            "other": ("is another than the one served", self._serving),
        }
        text, hint = words[age(file, shown)]
        message = f"{file.path} {text}: {file.leaf.title} in the file, {shown.leaf.title} served"
        level: Level = "warning" if self.setup.watches else "error"
        yield self._finding(level, message, hint, shown.leaf.fingerprint)

    @property
    def _serving(self) -> str:
        """Say what makes the service take in its files."""
        if self.setup.watches:
            return "it is served within a minute"
        return f"`restart {self.port.service}` serves it"

    def _is_current(self, one: Certificate) -> bool:
        return one.not_before <= self.now < one.not_after

    def _of(self, file: Configured) -> str | None:
        """Return the certificate in a file when it is served."""
        return next((file.leaf.fingerprint for shown in self.port.presented if _is_same(file, shown)), None)

    def _finding(self, level: Level, message: str, hint: str, of: str | None = None) -> Finding:
        return Finding(level, self.port.name, message, hint, of)


def grouped(found: Sequence[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Return each finding once, with the ports that it is of."""
    groups: dict[tuple[Level, str, str], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.level, finding.message, finding.hint), []).append(finding)
    return [(group[0], tuple(dict.fromkeys(one.port for one in group))) for group in groups.values()]
