"""The names of a site, against real name servers: Knot, which has the zones, and Unbound, which proves signatures.

Each case is a domain of its own, whose zone is what `dns show --zone` prints, with one thing changed.
"""

from __future__ import annotations

import io
import json
import socket
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml
from sites import LOCAL, MAILRIG, eventually

from mailrig import commands
from mailrig.console import Console
from mailrig.engine.connection import connect
from mailrig.engine.images import base_image, build, has_image
from mailrig.errors import MailrigError, NoAnswer
from mailrig.render.images import context_hash

CONTEXT = Path(__file__).parent / "nameserver"
LABEL = "io.mailrig.test"
REVERSE = "2.0.192.in-addr.arpa"
HEAD = "$TTL 60\n@ SOA localhost. nobody.localhost. 1 60 60 60 60\n@ NS localhost.\n"

# Policies that lead on and on: l1 to l11, and two that lead to each other.
POLICIES = HEAD + "".join(f'l{n} TXT "v=spf1 include:l{n + 1}.spf.example -all"\n' for n in range(1, 11))
POLICIES += 'l11 TXT "v=spf1 -all"\nleft TXT "v=spf1 include:right.spf.example -all"\n'
POLICIES += 'right TXT "v=spf1 include:left.spf.example -all"\n'


def replacing(old: str, new: str) -> Callable[[str], str]:
    """Return a change of a zone, which must find what it changes."""

    def change(zone: str) -> str:
        assert old in zone, f"{old} is not in\n{zone}"
        return zone.replace(old, new)

    return change


def without(part: str) -> Callable[[str], str]:
    """Return a change that takes out each line with ``part``."""

    def change(zone: str) -> str:
        assert part in zone, f"{part} is not in\n{zone}"
        return "".join(line for line in zone.splitlines(keepends=True) if part not in line)

    return change


def adding(*lines: str) -> Callable[[str], str]:
    """Return a change that adds lines."""
    return lambda zone: "\n".join([zone, *lines, ""])


@dataclass(frozen=True)
class Case:
    """A change of a zone, and what is found: the sort and the type. ``pointer`` takes the place of the reverse name."""

    change: Callable[[str], str]
    found: tuple[tuple[str, str], ...]
    text: str = ""
    zone: str = "signed"
    pointer: str = "mail.{domain}."


SPF = '"v=spf1 mx -all"'
CASES = {
    "good": Case(adding(), ()),
    "own-policy": Case(replacing(SPF, '"v=spf1 ip4:192.0.2.0/24 -all"'), ()),
    "other-numbers": Case(replacing(" MX 10 ", " MX 33 "), ()),
    "no-mx": Case(without(" MX "), (("missing", "MX"),)),
    "no-srv": Case(without("_imaps._tcp"), (("missing", "SRV"),)),
    "no-spf": Case(without(SPF), (("missing", "TXT"),)),
    "no-dmarc": Case(without("_dmarc"), (("missing", "TXT"),)),
    "no-tlsa": Case(without(" TLSA "), (("missing", "TLSA"),)),
    "other-mx": Case(
        lambda zone: replacing(" MX 10 mail.", " MX 10 other.")(zone) + "other A 192.0.2.254\n", (("different", "MX"),)
    ),
    "other-port": Case(replacing(" SRV 0 1 993 ", " SRV 0 1 143 "), (("different", "SRV"),)),
    "other-address": Case(
        replacing("mail.other-address.signed. A 192.0.2.", "mail.other-address.signed. A 10.0.2."),
        (("different", "A"),),
    ),
    "more-mx": Case(adding("@ MX 20 more", "more A 192.0.2.254"), (("superfluous", "MX"),)),
    "more-srv": Case(adding("_pop3s._tcp SRV 0 1 995 mail"), (("superfluous", "SRV"),)),
    "not-offered": Case(adding("_pop3s._tcp SRV 0 0 0 ."), ()),
    "more-address": Case(adding("mail AAAA fd00::1"), (("superfluous", "AAAA"),)),
    "two-spf": Case(adding('@ TXT "v=spf1 a -all"'), (("several", "TXT"),)),
    "two-dmarc": Case(adding('_dmarc TXT "v=DMARC1; p=reject"'), (("several", "TXT"),)),
    "bad-dmarc": Case(replacing("p=none", "p=maybe"), (("different", "TXT"),), "DMARC: it has no"),
    "long-spf": Case(
        replacing(SPF, '"v=spf1 mx include:l1.spf.example -all"'), (("look-ups", "TXT"),), "more than 10 look-ups"
    ),
    "void-spf": Case(
        replacing(SPF, '"v=spf1 mx a:x.spf.example a:y.spf.example a:z.spf.example -all"'),
        (("look-ups", "TXT"),),
        "3 of its look-ups find nothing",
    ),
    "round-spf": Case(
        replacing(SPF, '"v=spf1 mx include:left.spf.example -all"'), (("different", "TXT"),), "lead in a circle"
    ),
    "empty-spf": Case(
        replacing(SPF, '"v=spf1 mx include:mail.empty-spf.none -all"'), (("different", "TXT"),), "has no policy"
    ),
    "narrow-spf": Case(replacing(SPF, '"v=spf1 -all"'), (("different", "TXT"),), "does not allow `mx`"),
    "open-spf": Case(replacing(SPF, '"v=spf1 mx +all"'), (("different", "TXT"),), "anybody may send"),
    "alias-mx": Case(
        lambda zone: replacing("MX 10 mail.", "MX 10 alias.")(zone) + "alias CNAME mail\n",
        (("different", "MX"), ("alias", "CNAME")),
    ),
    "no-address": Case(without(" A "), (("missing", "A"), ("no address", "A"))),
    "no-reverse": Case(adding(), (("reverse", "PTR"),), "has no name", pointer=""),
    "other-reverse": Case(
        adding(), (("reverse", "PTR"),), "none of these leads back", pointer="host-1.other-reverse.signed."
    ),
    "back-reverse": Case(
        adding("host-1 A 192.0.2.{number}"),
        (("reverse", "PTR"),),
        "which leads back",
        pointer="host-1.back-reverse.signed.",
    ),
    "other-key": Case(
        replacing(" TLSA 3 1 1 ", f" TLSA 3 1 1 {'0' * 64}\n; "), (("different", "TLSA"),), "delivers nothing"
    ),
    "two-keys": Case(adding(f"_25._tcp.mail TLSA 3 1 1 {'0' * 64}"), ()),
    "not-signed": Case(adding(), (("unsigned", "TLSA"), ("unsigned", "MX")), "without DNSSEC", zone="plain"),
    "many-texts": Case(adding(*(f'@ TXT "some-verification={n:0200}"' for n in range(20))), ()),  # too large for UDP
    "hostile": Case(replacing(SPF, r'"v=spf1 \027]0;owned\007 mx -all"'), (("different", "TXT"),), r"\027]0;owned\007"),
}


@dataclass(frozen=True)
class Domain:
    """One case's domain and its inventory."""

    name: str
    inventory: Path
    number: int
    case: Case

    @property
    def zone(self) -> str:
        """The changed zone."""
        return self.case.change(said(self.inventory, "show", zone=True)).replace("{number}", str(self.number))

    @property
    def pointer(self) -> str:
        """The line of the reverse zone."""
        target = self.case.pointer.format(domain=self.name)
        return f"{self.number} PTR {target}\n" if target else ""


def said(inventory: Path, *words: str, json: bool = False, **options: Any) -> str:
    """Return what `dns` prints, run in this process."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        call = commands.Call(Console(is_json=json), str(inventory))
        code = commands.dns(call, words, **options)
    assert code in (0, 2)
    return printed.getvalue()


def mailrig(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run([str(MAILRIG), *words], capture_output=True, text=True, check=False)


def domain_of(directory: Path, name: str, number: int, case: Case) -> Domain:
    """Write the inventory of a case."""
    domain = f"{name}.{case.zone}"
    host = {
        "hostname": f"mail.{domain}",
        "certificate": {"source": "demo-ca"},
        "listen": [f"192.0.2.{number}"],
        "ports": {"imaps": 993, "submissions": 465, "smtp": 25},
    }
    site = {"site": "names", "domains": [domain], "hosts": {"home": host}}
    site |= {"aliases": {f"postmaster@{domain}": "somebody@example.com"}}
    (directory / name).mkdir()
    (directory / name / "site.yaml").write_text(yaml.safe_dump(site))
    return Domain(domain, directory / name, number, case)


@pytest.fixture(scope="module")
def domains(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Domain]:
    """The domains, by the names of their cases."""
    directory = tmp_path_factory.mktemp("names")
    return {name: domain_of(directory, name, number, case) for number, (name, case) in enumerate(CASES.items(), 1)}


@pytest.fixture(scope="module")
def server(engine: docker.APIClient, domains: dict[str, Domain]) -> Iterator[str]:
    """The address of the name servers, which have loaded all the zones."""
    zones = {domain.name: domain.zone for domain in domains.values()}
    zones[REVERSE] = HEAD + "".join(domain.pointer for domain in domains.values())
    zones["spf.example"], zones["empty-spf.none"] = POLICIES, HEAD + "mail A 192.0.2.254\n"
    body = {"Image": image(), "Labels": {LABEL: "names"}}
    container = str(engine.create_container_from_config(body)["Id"])
    try:
        engine.put_archive(container, "/", packed({f"zones/{name}.zone": text for name, text in zones.items()}))
        engine.start(container)
        address = address_of(engine, container)
        eventually(lambda: is_listening(address, 5353), bool, 60)
        yield address
    finally:
        engine.remove_container(container, force=True, v=True)


def image() -> str:
    """Return the name servers' image, which is built once for its content, and kept."""
    tag = f"mailrig-test/nameserver:{context_hash(CONTEXT)}"
    with closing(connect(LOCAL)) as own:
        if not has_image(own, tag):
            build(own, tag, CONTEXT, base_image(own, print), print)
    return tag


def packed(files: dict[str, str]) -> bytes:
    """Return files as a tar archive."""
    with io.BytesIO() as buffer:
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name, text in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text.encode())
                archive.addfile(entry, io.BytesIO(text.encode()))
        return buffer.getvalue()


def address_of(engine: docker.APIClient, container: str) -> str:
    """Return a container's address."""
    (network,) = engine.inspect_container(container)["NetworkSettings"]["Networks"].values()
    return str(network["IPAddress"])


def is_listening(address: str, port: int) -> bool:
    """Whether somebody answers by TCP."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((address, port)) == 0


def findings(domain: Domain, resolver: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what `dns check` finds wrong, and what it notes."""
    found = json.loads(said(domain.inventory, "check", json=True, resolver=resolver))["findings"]
    return [one for one in found if one["sort"] != "note"], [one for one in found if one["sort"] == "note"]


@pytest.mark.parametrize("name", CASES)
def test_what_is_changed_in_a_zone_is_found(name: str, domains: dict[str, Domain], server: str) -> None:
    """That, and nothing else, by the resolver that proves signatures."""
    case = CASES[name]
    wrong, _ = findings(domains[name], f"{server}:5353")
    assert sorted((one["sort"], one["type"]) for one in wrong) == sorted(case.found), wrong
    assert case.text in json.dumps(wrong, ensure_ascii=False).replace("\\\\", "\\")


def test_zone_that_was_printed_is_as_it_should_be(domains: dict[str, Domain], server: str) -> None:
    """The whole program: loaded by a real name server as `dns show --zone` prints it, `dns check` exits 0."""
    inventory = str(domains["good"].inventory)
    done = mailrig("dns", "check", "--resolver", f"{server}:5353", "--inventory", inventory)
    assert (done.returncode, done.stdout) == (0, f"good.signed, as {server} port 5353 answers: as it should be\n")


def test_something_to_put_right_is_exit_code_2(domains: dict[str, Domain], server: str) -> None:
    """With what is wanted beside what is there, and nothing that a terminal would act on."""
    inventory = str(domains["hostile"].inventory)
    done = mailrig("dns", "check", "--resolver", f"{server}:5353", "--inventory", inventory)
    assert done.returncode == 2
    assert "seen   v=spf1 \\027]0;owned\\007 mx -all" in done.stdout
    assert "\x1b" not in done.stdout


def test_zones_own_server_shows_signatures_without_proof(domains: dict[str, Domain], server: str) -> None:
    """They fit the zone's keys, which is noted; that somebody vouches for the keys only a resolver can tell."""
    wrong, notes = findings(domains["good"], server)
    assert wrong == []
    assert any(one["type"] == "TLSA" and one["text"].startswith("signed; who vouches") for one in notes)


def test_resolver_that_does_not_answer_is_named(domains: dict[str, Domain], server: str) -> None:
    """Before the next question is asked, by its address, and with what it was asked."""
    with pytest.raises(
        NoAnswer, match=rf"the resolver {server} port 5399 does not answer.* asked for good\.signed SOA"
    ):
        said(domains["good"].inventory, "check", resolver=f"{server}:5399")


@pytest.mark.parametrize("text", ["mail.example.org", "192.0.2.1:http", "[192.0.2.1", "192.0.2.1:0", ""])
def test_what_is_no_address_of_a_resolver_is_refused(domains: dict[str, Domain], text: str) -> None:
    """With the form that it has."""
    with pytest.raises(MailrigError, match="is no address of a resolver"):
        said(domains["good"].inventory, "check", resolver=text)


def test_names_that_the_server_does_not_have_are_no_answer(domains: dict[str, Domain], server: str) -> None:
    """A server that refuses is told as what it says, not as a zone without records."""
    inventory = domains["good"].inventory.parent / "elsewhere"
    domain = domain_of(inventory.parent, "elsewhere", 200, Case(adding(), (), zone="missing"))
    wrong, _ = findings(domain, server)
    assert {one["sort"] for one in wrong} == {"no answer"}
    assert {one["text"] for one in wrong} == {"the resolver says REFUSED"}
