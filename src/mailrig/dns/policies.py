"""What a domain's policies say, SPF, DMARC, TLSRPT and CAA, against what a site needs; asks through ``ask`` alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailrig.dns import spf
from mailrig.dns.answer import Answer, Ask, target
from mailrig.dns.finding import Finding
from mailrig.dns.pages import PACC_RECORD, STS_RECORD
from mailrig.dns.record import Record, Wanted, is_within

_SEVERAL_SPF = "SPF: whoever meets several takes none (RFC 7208 section 4.5)"
_SURE = ("-all", "~all", "?all")


def policies_of(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    """Yield what is wrong with the policies of a domain."""
    yield from _spf(wanted, domain, ask)
    yield from _dmarc(wanted, domain, ask)
    yield from _reports(wanted, domain, ask)
    yield from _transport(wanted, domain, ask)
    yield from _digest(wanted, domain, ask)


def policies_of_hosts(wanted: Wanted, ask: Ask) -> Iterator[Finding]:
    """Yield what is wrong with the policies of hosts: by which name they greet others, and who certifies it."""
    for record in wanted.records:
        if record.type == "TXT" and record.is_optional and not record.name.startswith("_"):
            yield from _greeting(record, ask)
        if record.type == "CAA" and record.zone:
            yield from _issuers(record, ask)


def _greeting(record: Record, ask: Ask) -> Iterator[Finding]:
    policies = spf.policies(ask([(record.name, "TXT")])[0].texts)
    if len(policies) > 1:
        yield Finding("several", record.name, "TXT", _SEVERAL_SPF, seen=policies)


def _spf(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    (record,) = wanted.of(domain, "TXT")
    (answer,) = ask([(domain, "TXT")])
    policies = spf.policies(answer.texts)
    yield from _one_of(record, answer, policies, _SEVERAL_SPF)
    if len(policies) == 1:
        yield from _spf_content(record, domain, policies[0], ask)


def _one_of(record: Record, answer: Answer, policies: tuple[str, ...], several: str) -> Iterator[Finding]:
    """Yield that there is none, or more than one."""
    if answer.failure:
        yield Finding("no answer", record.name, "TXT", f"the resolver says {answer.failure}")
    elif not policies:
        yield Finding("missing", record.name, "TXT", record.why, wanted=(record.data,))
    elif len(policies) > 1:
        yield Finding("several", record.name, "TXT", several, seen=policies)


def _spf_content(record: Record, domain: str, policy: str, ask: Ask) -> Iterator[Finding]:
    needed = spf.terms(record.data.strip('"'))
    if lacking := [term for term in needed[:-1] if not _covers(policy, domain, term, ask)]:
        text = f"it does not allow {' and '.join(f'`{term}`' for term in lacking)}"
        yield Finding("different", domain, "TXT", f"SPF: {text}", wanted=(record.data,), seen=(policy,))
    if not any(term in _SURE or term.startswith("redirect=") for term in spf.terms(policy)):
        text = "SPF: it ends in no `-all` or `~all`, so that anybody may send"
        yield Finding("different", domain, "TXT", text, wanted=(record.data,), seen=(policy,))
    yield from _spf_cost(domain, policy, ask)


def _spf_cost(domain: str, policy: str, ask: Ask) -> Iterator[Finding]:
    cost = spf.cost(ask, domain, policy)
    if cost.lookups > spf.MOST_LOOKUPS:
        text = f"SPF: it costs more than {spf.MOST_LOOKUPS} look-ups, and counts as broken (RFC 7208 section 4.6.4)"
        yield Finding("look-ups", domain, "TXT", text, seen=(policy,))
    if cost.void > spf.MOST_VOID:
        text = f"SPF: {cost.void} of its look-ups find nothing; {spf.MOST_VOID} are allowed (RFC 7208 section 4.6.4)"
        yield Finding("look-ups", domain, "TXT", text, seen=(policy,))
    for fault in cost.faults:
        yield Finding("different", domain, "TXT", f"SPF: {fault}", seen=(policy,))


def _covers(policy: str, domain: str, term: str, ask: Ask) -> bool:
    """Whether a policy allows all the addresses that a term stands for, however it says so."""
    names = [term.removeprefix("a:")]
    if term == "mx":
        names = [target(value) for value in ask([(domain, "MX")])[0].values]
    found = ask([(name, kind) for name in names for kind in ("A", "AAAA")])
    return all(spf.allows(ask, domain, policy, address) for answer in found for address in answer.values)


def _dmarc(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    (record,) = wanted.of(f"_dmarc.{domain}", "TXT")
    (answer,) = ask([(record.name, "TXT")])
    policies = _dmarc_policies(answer)
    if answer.is_void and _is_covered_from_above(wanted, domain, ask):
        return
    several = "DMARC: whoever meets several takes none (RFC 7489 section 6.6.3)"
    yield from _one_of(record, answer, policies, several)
    if len(policies) == 1 and not re.search(
        r";\s*p\s*=\s*(none|quarantine|reject)\s*(;|$)", policies[0], re.IGNORECASE
    ):
        text = "DMARC: it has no `p=none`, `p=quarantine` or `p=reject`"
        yield Finding("different", record.name, "TXT", text, wanted=(record.data,), seen=policies)


def _dmarc_policies(answer: Answer) -> tuple[str, ...]:
    return tuple(text for text in answer.texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text))


def _is_covered_from_above(wanted: Wanted, domain: str, ask: Ask) -> bool:
    """Whether the policy of a domain above holds for this one (RFC 7489 section 6.6.3)."""
    above = next((zone for zone in wanted.zones if zone != domain and is_within(domain, zone)), None)
    return above is not None and len(_dmarc_policies(ask([(f"_dmarc.{above}", "TXT")])[0])) == 1


def _reports(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    for record in wanted.of(f"_smtp._tls.{domain}", "TXT"):
        (answer,) = ask([(record.name, "TXT")])
        policies = tuple(text for text in answer.texts if text.startswith("v=TLSRPTv1"))
        if answer.is_void or not policies:
            yield Finding("note", record.name, "TXT", f"worth having: {record.why}", wanted=(record.data,))
        elif len(policies) > 1:
            text = "TLSRPT: whoever meets several takes none (RFC 8460 section 3)"
            yield Finding("several", record.name, "TXT", text, seen=policies)


def _transport(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    """Yield how what is said of the MTA-STS policy differs: whoever knows the policy of before keeps to it else."""
    for record in wanted.of(f"{STS_RECORD}.{domain}", "TXT"):
        (answer,) = ask([(record.name, "TXT")])
        policies = tuple(text for text in answer.texts if re.match(r"v=STSv1\s*;", text))
        yield from _one_of(record, answer, policies, "MTA-STS: whoever meets several takes none (RFC 8461 section 3.1)")
        if len(policies) == 1 and _id(policies[0]) != _id(record.data.strip('"')):
            text = "MTA-STS: the policy has changed, and is not asked for again until its id changes"
            yield Finding("different", record.name, "TXT", text, wanted=(record.data,), seen=policies)


def _id(policy: str) -> str | None:
    match = re.search(r";\s*id\s*=\s*([A-Za-z0-9]{1,32})\s*(;|$)", policy)
    return match[1] if match else None


def _digest(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    for record in wanted.of(f"{PACC_RECORD}.{domain}", "TXT"):
        (answer,) = ask([(record.name, "TXT")])
        digests = tuple(text for text in answer.texts if text.startswith("v=UAAC1"))
        if record.data.strip('"') in digests:
            continue
        if digests:
            text = "PACC: it is not the digest of the settings: programs that go by it find none"
            yield Finding("different", record.name, "TXT", text, wanted=(record.data,), seen=digests)
        else:
            yield Finding("note", record.name, "TXT", f"worth having: {record.why}", wanted=(record.data,))


def _issuers(record: Record, ask: Ask) -> Iterator[Finding]:
    """Yield that no certificate could be issued any more for a name: the nearest CAA above it decides (RFC 8659)."""
    answers = ask([(name, "CAA") for name in _upwards(record.name)])
    nearest = next((answer for answer in answers if not answer.is_void), None)
    if nearest and nearest.failure and is_within(nearest.question[0], record.zone or ""):
        text = f"the resolver says {nearest.failure}: no certificate is issued where that cannot be asked"
        yield Finding("no answer", nearest.question[0], "CAA", text)
        return
    values = nearest.values if nearest else ()
    allowed = [issuer for issuer in map(_issuer, values) if issuer is not None]
    if not allowed:  # RFC 8659 section 3: one that says only whom to tell, as `iodef`, restricts nobody
        yield Finding("note", record.name, "CAA", f"worth having: {record.why}", wanted=(record.data,))
    elif _issuer(record.data) not in allowed:
        text = "its certificate cannot be renewed: its issuer is not allowed"
        yield Finding("different", record.name, "CAA", text, wanted=(record.data,), seen=values)


def _upwards(name: str) -> Iterator[str]:
    """Yield a name and those above it, the zone's own and beyond, but for the top level."""
    while "." in name:
        yield name
        name = name.partition(".")[2]


def _issuer(value: str) -> str | None:
    match = re.fullmatch(r'\d+ issue "([^";]*).*"', value)
    return match[1].strip().lower() if match else None
