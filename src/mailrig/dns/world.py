"""Asks a resolver: the only module that speaks DNS; must not know what the answers should be."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset

from mailrig.dns.answer import Answer, Question, Signed
from mailrig.errors import MailrigError, NoAnswer

_PATIENCE = 6.0  # seconds for one question, repeats included
_AT_ONCE = 32  # questions
_LARGEST = 1232  # bytes of a datagram that no path breaks up (dnsflagday.net/2020); larger answers come by TCP
_PORT = 53
_FORMS = (
    r"\[(?P<address>[^]]+)\](:(?P<port>\d+))?",
    r"(?P<address>[^:]+)(:(?P<port>\d+))?",
    r"(?P<address>.*:.*:.*)(?P<port>)",  # IPv6 without brackets has no room for a port
)


@dataclass(frozen=True)
class Where:
    """The resolvers that are asked, and on which port."""

    addresses: tuple[str, ...]
    port: int = _PORT

    def __str__(self) -> str:
        shown = ", ".join(self.addresses)
        return shown if self.port == _PORT else f"{shown} port {self.port}"


def where(text: str | None) -> Where:
    """Read ``ADDR``, ``ADDR:port`` or ``[ADDR]:port``; without one, take this machine's resolvers."""
    if text is None:
        return _of_this_machine()
    found = next((match for form in _FORMS if (match := re.fullmatch(form, text))), None)
    port = int(found["port"] or _PORT) if found else 0
    if found is None or not _is_address(found["address"]) or not 0 < port < 2**16:
        hint = "write an IP address, with a port where it is not 53: 192.0.2.53:5353 or [2001:db8::53]:5353"
        raise MailrigError(f"`{printable(text)}` is no address of a resolver", hint=hint)
    return Where((str(ipaddress.ip_address(found["address"])),), port)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _of_this_machine() -> Where:
    try:
        return Where(tuple(map(str, dns.resolver.Resolver().nameservers)))
    except (dns.resolver.NoResolverConfiguration, OSError):
        hint = "name one: --resolver 9.9.9.9"
        raise MailrigError("this machine has no resolver in /etc/resolv.conf", hint=hint) from None


class World:
    """A resolver, and what it has answered: the same question is asked once."""

    def __init__(self, place: Where, pool: ThreadPoolExecutor) -> None:
        self._place = place
        self._pool = pool
        self._lock = Lock()
        self._asked: dict[Question, Future[Answer]] = {}
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = list(place.addresses)
        self._resolver.port = place.port
        self._resolver.lifetime = _PATIENCE
        self._resolver.use_edns(0, dns.flags.DO, _LARGEST)
        self._resolver.flags = dns.flags.RD | dns.flags.AD

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """Ask all at the same time; raise NoAnswer when the resolver does not answer."""
        return [future.result() for future in [self._future(question) for question in questions]]

    def _future(self, question: Question) -> Future[Answer]:
        with self._lock:
            if question not in self._asked:
                self._asked[question] = self._pool.submit(self._answer, question)
            return self._asked[question]

    def _answer(self, question: Question) -> Answer:
        name, kind = question
        try:
            found = self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer(question)
        except dns.resolver.NoNameservers as error:
            return Answer(question, failure=self._refusal(question, error))
        except (dns.exception.Timeout, OSError) as error:
            raise self._silence(question, error) from error
        except (dns.exception.DNSException, ValueError) as error:
            return Answer(question, failure=printable(str(error)))
        return self._read(question, found)

    def _silence(self, question: Question, error: Exception) -> NoAnswer:
        reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else f" in {_PATIENCE:.0f} s"
        hint = "is it up, and does it answer this machine? name another: --resolver 9.9.9.9"
        about = f"when it is asked for {' '.join(question)}"
        return NoAnswer(f"the resolver {self._place} does not answer{reason}, {about}", hint=hint)

    def _refusal(self, question: Question, error: dns.resolver.NoNameservers) -> str:
        """Return what the resolver said; raise NoAnswer where it is not one, or nobody is there."""
        errors = error.kwargs.get("errors", [])
        last = errors[-1][3] if errors else "no answer"
        if isinstance(last, Exception):
            raise self._silence(question, last) from error
        return str(last)

    def _read(self, question: Question, found: dns.resolver.Answer) -> Answer:
        records = list(found.rrset or ())
        is_text = found.rdtype == dns.rdatatype.TXT
        return Answer(
            question,
            values=tuple(sorted(printable(record.to_text()) for record in records)),
            texts=tuple(printable(b"".join(record.strings)) for record in records) if is_text else (),
            alias=_alias(found),
            signed=self._signed(found),
        )

    def _signed(self, found: dns.resolver.Answer) -> Signed:
        """Say how far an answer is proven; signatures are looked at only where the resolver has not done it."""
        if found.response.flags & dns.flags.AD:
            return Signed.PROVEN
        signatures = _signatures(found)
        if found.rrset is None or signatures is None:
            return Signed.NO
        is_own = bool(found.response.flags & dns.flags.AA) and self._fits(found.rrset, signatures)
        return Signed.OWN if is_own else Signed.UNPROVEN

    def _fits(self, records: dns.rrset.RRset, signatures: dns.rrset.RRset) -> bool:
        """Whether the signatures fit the keys that the zone shows."""
        signer = signatures[0].signer
        try:
            keys = self._resolver.resolve(signer, "DNSKEY", search=False).rrset
            dns.dnssec.validate(records, signatures, {signer: keys} if keys else {})
        except dns.exception.DNSException:
            return False
        return True


@contextmanager
def world(place: Where) -> Iterator[World]:
    """Open the world as a resolver shows it; what is still being asked when it closes ends by itself."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            yield World(place, pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def printable(text: str | bytes) -> str:
    """Return printable ASCII: what else a record holds, a terminal could act on; escaped as in a zone file."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}" for byte in data)  # noqa: PLR2004 - ASCII


def _alias(found: dns.resolver.Answer) -> str | None:
    canonical = found.canonical_name
    if canonical == found.qname:
        return None
    return printable(canonical.to_text(omit_final_dot=True)).lower()


def _signatures(found: dns.resolver.Answer) -> dns.rrset.RRset | None:
    if found.rrset is None:
        return None
    return found.response.get_rrset(
        found.response.answer, found.rrset.name, dns.rdataclass.IN, dns.rdatatype.RRSIG, found.rdtype
    )
