"""The planner, case by case: each file in tests/plans says what is wanted, what stands, and what must follow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mailrig.plan.observed import Container, Observed
from mailrig.plan.planner import hash_of, plan
from mailrig.plan.text import text
from mailrig.render.release import File, Release, Rung, Service

CASES = sorted((Path(__file__).parents[2] / "plans").glob("*.yaml"))


def files(described: Mapping[str, str], settings: Mapping[str, Mapping[str, str]]) -> tuple[File, ...]:
    """Read ``path: content needs``, for instance ``dovecot.conf: one reload``; ``settings`` are its exceptions."""
    made = []
    for path, words in described.items():
        content, needs = words.split()
        exceptions = {name: Rung[rung.upper()] for name, rung in settings.get(path, {}).items()}
        made.append(File(path, content.encode(), content, 0o644, 0, 0, Rung[needs.upper()], exceptions))
    return tuple(made)


def service(name: str, described: Mapping[str, Any]) -> Service:
    """Build a service as the renderer would, with a network and a volume."""
    spec = {"image": f"mailrig/{name}:1", "container_name": f"mailserver-{name}"}
    spec |= {"networks": {"mail": {}}, "volumes": [{"type": "volume", "source": "data", "target": "/var/mail"}]}
    spec |= described.get("spec", {})
    return Service(name, spec, files(described.get("files", {}), described.get("settings", {})))


def release(described: Mapping[str, Any]) -> Release:
    """Build a release of the services described."""
    model = {"networks": {"mail": {"name": "net"}}, "volumes": {"data": {"name": "vol"}}}
    services = tuple(service(name, value or {}) for name, value in described.items())
    return Release("home", "mailrig-t", "", model, services)


def container(name: str, described: Mapping[str, Any]) -> Container:
    """Build a container that works with the service that ``described`` describes, but for what it says otherwise."""
    served = service(name, described)
    return Container(
        id=f"id-{name}",
        name=described.get("name", f"mailserver-{name}"),
        service=name,
        state=described.get("state", "running"),
        status=described.get("status", "Up 1 hour"),
        image=described.get("image", f"image-{name}"),
        spec_hash=described.get("spec_hash", served.spec_hash),
        delivered=described.get("delivered", served.release_id),
        loaded=described.get("loaded", served.release_id),
        digests={file.path: file.digest for file in served.files},
        settings={file.path: file.setting_digests for file in served.files},
    )


def observed(described: Mapping[str, Any]) -> Observed:
    """Build a host on which everything is as it should be, but for what is described."""
    containers = described.get("containers", {})
    networks = described.get("networks", {"net": hash_of({"name": "net"})})
    return Observed(
        containers=tuple(container(name, value or {}) for name, value in containers.items()),
        networks=networks,
        volumes=frozenset(described.get("volumes", ["vol"])),
        images=described.get("images", {f"mailrig/{name}:1": f"image-{name}" for name in ("dovecot", "postfix")}),
    )


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_plan_is_what_the_case_says(case: Path) -> None:
    """The planned actions, causes and interruptions read exactly as the case has them."""
    described = yaml.safe_load(case.read_text())
    planned = plan(release(described["wanted"]), observed(described["stands"]), rebuild=described.get("rebuild", False))
    assert text(planned) == described["plan"].rstrip("\n")


def test_there_is_at_least_one_case() -> None:
    """The cases are found where this test looks for them."""
    assert CASES
