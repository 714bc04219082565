"""The planner, case by case: each file in tests/plans says what is wanted, what stands, and what must follow.

Files and settings need what the shipped files.yaml and settings.yaml say. A container is as its service wants it, but
for what the case says: `files` is what was delivered, `edited` what somebody made of it since (null: removed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mailrig.plan.effective import Effective
from mailrig.plan.observed import Container, Observed, PresentFile
from mailrig.plan.planner import hash_of, plan
from mailrig.plan.text import text
from mailrig.render.manifest import _file, setting_rules
from mailrig.render.release import File, Release, Service
from mailrig.render.templates import Templates, Text

CASES = sorted((Path(__file__).parents[2] / "plans").glob("*.yaml"))
TEMPLATES = Templates()
FOLDERS = {"dovecot": "dovecot/2.3", "postfix": "postfix", "web": "web"}
SETTINGS = {name: setting_rules(TEMPLATES, folder) for name, folder in FOLDERS.items()}
DECLARED = {
    name: {entry["path"]: entry for entry in yaml.safe_load((TEMPLATES.root / folder / "files.yaml").read_text())}
    for name, folder in FOLDERS.items()
}
SECRET = ("logins", "tls.key", "maps/relay_credentials")
BASE = {"networks": {"mail": {}}, "mem_limit": "256m"}
VOLUMES = [{"type": "volume", "source": "data", "target": "/var/mail"}]


def file(service: str, path: str, content: str) -> File:
    """Make a file as the shipped files.yaml declares it."""
    return _file(DECLARED[service][path], Text(content, "masked" if path in SECRET else content))


def files(service: str, described: Mapping[str, str] | None) -> tuple[File, ...]:
    """Make the files that a case gives as path and content."""
    return tuple(file(service, path, content) for path, content in (described or {}).items())


def spec(name: str, *described: Mapping[str, Any]) -> dict[str, Any]:
    """Build an entry of compose.yaml as the renderer would, with a network and a volume; null removes a key."""
    built: dict[str, Any] = {"image": f"mailrig/{name}:1", "container_name": f"mailserver-{name}", "volumes": VOLUMES}
    for changes in (BASE, *described):
        built |= changes
    return {key: value for key, value in built.items() if value is not None}


def service(name: str, described: Mapping[str, Any]) -> Service:
    """Build a service that keeps to the shipped settings.yaml."""
    made_from = spec(name, described.get("spec", {}))
    settings = SETTINGS[name]
    return Service(name, made_from, files(name, described.get("files")), settings.rules, settings.lasting)


def release(described: Mapping[str, Any], more: Mapping[str, Any]) -> Release:
    """Build a release of the services described, with ``more`` networks and volumes."""
    model = {
        "networks": {"mail": {"name": "net"}, **more.get("networks", {})},
        "volumes": {"data": {"name": "vol"}, **more.get("volumes", {})},
    }
    services = tuple(service(name, value or {}) for name, value in described.items())
    return Release("home", "mailrig-t", "", model, services)


def present(made: File) -> PresentFile:
    """Return a file as it lies in a container."""
    return PresentFile(made.content, made.mode, made.uid, made.gid)


def container(name: str, wanted: Mapping[str, Any], described: Mapping[str, Any]) -> Container:
    """Build a container that works with what is wanted, but for what ``described`` says otherwise."""
    made_from = spec(name, wanted.get("spec", {}), described.get("spec") or {})
    served = Service(name, made_from, files(name, described.get("files", wanted.get("files"))))
    lying = {made.path: present(made) for made in served.files}
    for path, content in described.get("edited", {}).items():
        lying.pop(path, None)
        if content is not None:
            lying[path] = PresentFile(content.encode(), int(described.get("mode", "0644"), 8), 0, 0)
    return Container(
        id=f"id-{name}",
        name=described.get("name", made_from["container_name"]),
        service=name,
        state=described.get("state", "running"),
        status=described.get("status", "Up 1 hour"),
        image=described.get("image", f"image-{name}"),
        spec_hash=served.spec_hash,
        spec=None if "spec" in described and described["spec"] is None else made_from,
        drift=tuple(described.get("drift", ())),
        delivered=described.get("delivered", served.release_id),
        loaded=described.get("loaded", served.release_id),
        recorded=described.get("recorded", {made.path: made.digest for made in served.files}),
        files=lying if described.get("delivered", "") is not None else {},
        sessions=described.get("sessions", {}),
        refused=tuple(described.get("refused", ())),
    )


def observed(described: Mapping[str, Any], wanted: Mapping[str, Any]) -> Observed:
    """Build a host on which everything is as it should be, and was verified, but for what is described."""
    verified = release(wanted, {}).id

    def containers(key: str) -> dict[str, Container]:
        found = described.get(key, {})
        made = {name: container(name, wanted.get(name) or {}, value or {}) for name, value in found.items()}
        told = {name: (found[name] or {}).get("verified", verified) for name in found}
        return {name: replace(one, verified=told[name]) for name, one in made.items()}

    return Observed(
        containers=tuple(containers("containers").values()),
        networks=described.get("networks", {"net": hash_of({"name": "net"})}),
        volumes=frozenset(described.get("volumes", ["vol"])),
        images=described.get("images", {f"mailrig/{name}:1": f"image-{name}" for name in FOLDERS}),
        kept=containers("kept"),
    )


def effective(described: Mapping[str, Any]) -> dict[str, Effective]:
    """Read the settings before and after that a case gives, by service."""
    return {name: Effective(value.get("before", {}), value.get("after", {})) for name, value in described.items()}


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_plan_is_what_the_case_says(case: Path) -> None:
    """The planned actions, causes, interruptions and drift read exactly as the case has them."""
    described = yaml.safe_load(case.read_text())
    planned = plan(
        release(described["wanted"], described.get("model", {})),
        observed(described["stands"], described["wanted"]),
        effective(described.get("effective", {})),
        rebuild=described.get("rebuild", False),
    )
    assert text(planned) == described["plan"].rstrip("\n")


def test_there_are_cases() -> None:
    """The cases are found where this test looks for them."""
    assert len(CASES) >= 60
