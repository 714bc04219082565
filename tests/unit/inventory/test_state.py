"""What is generated for an inventory: made once, kept beside it, written only when asked."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from mailrig.errors import InventoryError
from mailrig.inventory import State
from mailrig.secret import Secret

from .conftest import NOW

ALICE = "alice@example.org"
NAMES = ("mail.example.org", "127.0.0.1")


def test_nothing_is_written_before_save(tmp_path: Path) -> None:
    """Generating leaves no trace on disk, so that a dry run can do it."""
    state = State(tmp_path)
    state.login(ALICE)
    state.certificate(NAMES, NOW)

    assert list(tmp_path.iterdir()) == []


def test_saving_nothing_writes_nothing(tmp_path: Path) -> None:
    """An inventory that needs nothing generated gets no state directory."""
    State(tmp_path).save()

    assert list(tmp_path.iterdir()) == []


def test_what_is_saved_is_found_again(tmp_path: Path) -> None:
    """A second run has the same password, hash, CA and certificate, byte for byte, and nothing is new."""
    first = State(tmp_path)
    login, pair, authority = first.login(ALICE), first.certificate(NAMES, NOW), first.authority(NOW)
    first.save()
    second = State(tmp_path)

    assert second.login(ALICE) == login
    assert second.certificate(NAMES, NOW) == pair
    assert second.authority(NOW) == authority
    assert second.new_passwords == []
    assert [new.address for new in first.new_passwords] == [ALICE]


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """The directory is 0700, every file 0600, and git ignores all of them."""
    state = State(tmp_path)
    state.login(ALICE)
    state.certificate(NAMES, NOW)
    state.save()
    directory = tmp_path / ".state"

    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}
    assert (directory / ".gitignore").read_text() == "*\n"


def test_a_person_can_read_the_passwords(tmp_path: Path) -> None:
    """passwords.yaml holds address, password and hash in plain YAML."""
    state = State(tmp_path)
    login = state.login(ALICE)
    state.save()

    kept = yaml.safe_load((tmp_path / ".state" / "passwords.yaml").read_text())
    assert kept == {"passwords": {ALICE: {"hash": login.hash.reveal(), "password": login.password.reveal()}}}


def test_a_password_from_elsewhere_is_hashed_once(tmp_path: Path) -> None:
    """The hash of an outside password stays the same until the password changes, and the password is not kept."""
    state = State(tmp_path)
    login = state.login_with(ALICE, Secret("hunter2"))
    state.save()
    again = State(tmp_path)

    assert again.login_with(ALICE, Secret("hunter2")) == login
    assert again.login_with(ALICE, Secret("hunter3")).hash != login.hash
    assert again.new_passwords == []
    assert "hunter2" not in (tmp_path / ".state" / "passwords.yaml").read_text()


def test_a_key_stays_the_same(tmp_path: Path) -> None:
    """Each name has a key of its own, as long as Roundcube wants it, in a file that a person can read."""
    first = State(tmp_path)
    home, other = first.key("roundcube.home"), first.key("roundcube.other")
    assert first.key("roundcube.home") == home
    first.save()
    again = State(tmp_path)

    assert (again.key("roundcube.home"), again.key("roundcube.other")) == (home, other)
    assert home != other
    assert len(home.reveal()) == 24
    kept = tmp_path / ".state" / "keys.yaml"
    assert yaml.safe_load(kept.read_text()) == {
        "keys": {"roundcube.home": home.reveal(), "roundcube.other": other.reveal()}
    }
    before = kept.stat().st_ino
    again.save()
    assert kept.stat().st_ino == before  # nothing new, nothing written


def test_one_key_more_leaves_the_others(tmp_path: Path) -> None:
    """A host that is added later takes nobody's session away, and its key is written as well."""
    first = State(tmp_path)
    home = first.key("roundcube.home")
    first.save()
    second = State(tmp_path)
    other = second.key("roundcube.other")
    second.save()

    third = State(tmp_path)
    assert (third.key("roundcube.home"), third.key("roundcube.other")) == (home, other)


@pytest.mark.parametrize("text", ["", "keys: 5", "keys: {a: [1]}", "passwords: {}", "a: [", "keys: {a: 5}"])
def test_damaged_keys_are_an_error(tmp_path: Path, text: str) -> None:
    """A damaged file is never replaced by new keys without being asked: whoever is logged in would be logged out."""
    directory = tmp_path / ".state"
    directory.mkdir()
    (directory / "keys.yaml").write_text(text)
    with pytest.raises(InventoryError, match=r"keys.yaml` is damaged(.|\n)*log in again"):
        State(tmp_path)


def test_a_certificate_is_renewed_in_time(tmp_path: Path) -> None:
    """It is kept while 30 days are left and its names are the same; the CA stays."""
    state = State(tmp_path)
    pair, authority = state.certificate(NAMES, NOW), state.authority(NOW)

    assert state.certificate(NAMES, NOW + timedelta(days=334)) == pair
    late = state.certificate(NAMES, NOW + timedelta(days=336))
    wider = state.certificate((*NAMES, "localhost"), NOW + timedelta(days=336))
    assert pair != late != wider
    assert state.authority(NOW + timedelta(days=336)) == authority


def test_the_ca_is_renewed_before_a_certificate_would_outlive_it(tmp_path: Path) -> None:
    """In the CA's last year there is a new one, and certificates of the old one are replaced."""
    state = State(tmp_path)
    pair, authority = state.certificate(NAMES, NOW), state.authority(NOW)
    late = NOW + timedelta(days=3400)

    assert state.authority(late) != authority
    assert state.certificate(NAMES, late) != pair


@pytest.mark.parametrize("half", ["mail.example.org.crt", "mail.example.org.key"])
def test_half_a_pair_is_made_anew(tmp_path: Path, half: str) -> None:
    """A certificate whose key was lost or cut short, as by a full disk, is replaced."""
    state = State(tmp_path)
    pair = state.certificate(NAMES, NOW)
    state.save()
    (tmp_path / ".state" / half).write_text("-----BEGIN")

    assert State(tmp_path).certificate(NAMES, NOW) != pair


@pytest.mark.parametrize("text", ["[", "hunter2", "passwords: [hunter2]", "passwords: {a: {password: hunter2}}", "{}"])
def test_damaged_passwords_are_an_error(tmp_path: Path, text: str) -> None:
    """A password file that cannot be understood is named, and neither shown nor overwritten."""
    (tmp_path / ".state").mkdir()
    (tmp_path / ".state" / "passwords.yaml").write_text(text)

    with pytest.raises(InventoryError, match="` is damaged") as caught:
        State(tmp_path)

    assert "hunter2" not in str(caught.value)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """When the state cannot be kept, the error says where it should be."""
    state = State(tmp_path / "nowhere")
    state.login(ALICE)

    with pytest.raises(InventoryError, match=r"cannot write in .*nowhere/\.state`: No such file or directory"):
        state.save()
