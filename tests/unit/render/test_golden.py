"""Each folder of tests/golden: an inventory, and the build tree that its last host must give.

After a change on purpose, write the trees anew and look at what git says:

    MAILRIG_UPDATE_GOLDEN=1 pytest tests/unit/render/test_golden.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mailrig.inventory.model import Inventory
from mailrig.render import Release, compose, folder, render, schema

Read = Callable[[Path], Inventory]
GOLDEN = Path(__file__).parents[2] / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Path:
    """One folder of tests/golden."""
    return GOLDEN / str(request.param)


@pytest.fixture
def release(case: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> Release:
    """What is rendered for the case, with image names that do not change with the build contexts."""
    monkeypatch.setattr(compose, "image_name", "mailrig/{}:0123456789ab".format)
    inventory = read(case / "inventory")
    return render(inventory, list(inventory.site.hosts)[-1])


def test_build_tree_is_the_expected_one(case: Path, release: Release) -> None:
    """The inventory gives exactly the files that are kept beside it."""
    if os.environ.get("MAILRIG_UPDATE_GOLDEN"):
        folder.write(release, case / "expected")
    assert folder.diff(release, case / "expected") == ""


def test_compose_yaml_follows_the_specification(release: Release) -> None:
    """Every case's compose.yaml is valid against the Compose Specification's schema."""
    schema.validate(release.model)


def test_rendering_twice_gives_the_same_bytes(case: Path, release: Release, read: Read) -> None:
    """The same inventory gives the same bytes, and so the same name of the release."""
    again = render(read(case / "inventory"), release.host)
    assert again == release
    assert again.id == release.id


def test_no_secret_is_shown(case: Path, release: Release, read: Read) -> None:
    """No password hash, private key or relay password stands in what people get to see."""
    inventory = read(case / "inventory")
    secrets = [inventory.probe.hash, *(account.password for account in inventory.site.accounts.values())]
    secrets += [pair.key for pairs in inventory.certificates.values() for pair in pairs]
    if inventory.site.relay and inventory.site.relay.password:
        secrets.append(inventory.site.relay.password)
    everything = "".join(folder.shown(release).values())
    assert not [secret for secret in secrets if secret.reveal().strip() in everything]
