"""A release that is kept comes back as it was."""

from __future__ import annotations

import dataclasses

import pytest

from mailrig.apply.store import Stored, dump, load
from mailrig.errors import ApplyError
from mailrig.inventory import State, find
from mailrig.inventory import load as load_inventory
from mailrig.render import render
from mailrig.secret import Secret
from mailrig.targets import target_of


@pytest.fixture(scope="module")
def stored() -> Stored:
    """The demo, with its own CA and generated passwords."""
    from datetime import UTC, datetime

    directory = find("demo").directory
    inventory = load_inventory(directory, State(directory), datetime.now(UTC))
    release = render(inventory, next(iter(inventory.site.hosts)))
    return Stored(release, target_of(inventory, release.host), {"mailrig/dovecot:1": "sha256:1"})


def test_release_comes_back_as_it_was(stored: Stored) -> None:
    """Every file, every rung, the specification and the target are the same after a round trip."""
    again = load("r", dump(stored))
    assert again.release.id == stored.release.id
    assert again.release.services == stored.release.services
    assert again.target == stored.target
    assert again.images == stored.images


def test_home_of_a_gateway_comes_back_too(stored: Stored) -> None:
    """A rollback of a gateway reads its message at home as the deploy did."""
    target = dataclasses.replace(stored.target, host="mx", home=stored.target, gateways=("100.64.0.20",))
    assert load("r", dump(dataclasses.replace(stored, target=target))).target == target


def test_what_was_computed_is_not_kept(stored: Stored) -> None:
    """Asking a release for its name first does not change what is kept of it."""
    fresh = dataclasses.replace(stored, release=dataclasses.replace(stored.release))
    before = dump(fresh)
    assert fresh.release.id
    assert all(service.release_id and service.spec_hash for service in fresh.release.services)
    assert dump(fresh) == before


def test_probe_password_comes_back_as_a_secret(stored: Stored) -> None:
    """A rollback can log in as the probe, and does not show its password."""
    again = load("r", dump(stored)).target
    assert isinstance(again.password, Secret)
    assert again.password.reveal() == stored.target.password.reveal()
    assert again.password.reveal() not in repr(again)


def test_missing_release_is_named() -> None:
    """A release that is gone is an error that names it."""
    with pytest.raises(ApplyError, match="release abc is not on the host any more"):
        load("abc", None)


def test_damaged_release_is_named() -> None:
    """A release that cannot be read is an error that names it, without a traceback's words."""
    with pytest.raises(ApplyError, match="release abc cannot be read"):
        load("abc", b'{"release": {}}')
