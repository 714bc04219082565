"""What is packed into a configuration volume, and what is read of files in it."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from mailrig.engine.workshop import _PUBLIC, archive, place_of
from mailrig.render.release import File, Rung, Service

CONF = File("dovecot.conf", b"ssl = required\n", "ssl = required\n", 0o644, 0, 0, Rung.RELOAD)
KEY = File("tls/tls.key", b"secret", "<secret>", 0o600, 0, 910, Rung.RELOAD)
NOW = 1_795_000_000.25


def packed(*files: File) -> tarfile.TarFile:
    """Return the archive that carries ``files``."""
    return tarfile.open(fileobj=io.BytesIO(archive(Service("dovecot", {}, files), NOW)))


def test_files_keep_mode_and_owner() -> None:
    """A key that only its group may not read arrives that way."""
    service = Service("dovecot", {}, (CONF, KEY))
    entry = packed(CONF, KEY).getmember(f"releases/{service.release_id}/tls/tls.key")
    assert (entry.mode, entry.uid, entry.gid, entry.size) == (0o600, 0, 910, 6)


def test_parents_come_before_files() -> None:
    """Every directory stands in the archive before what is in it."""
    names = packed(CONF, KEY).getnames()
    release = Service("dovecot", {}, (CONF, KEY)).release_id
    assert names.index(f"releases/{release}/tls") < names.index(f"releases/{release}/tls/tls.key")


def test_manifest_names_the_release_and_its_files() -> None:
    """The manifest lets a later deploy tell which files differ."""
    service = Service("dovecot", {}, (CONF, KEY))
    member = packed(CONF, KEY).extractfile(f"releases/{service.release_id}/.manifest")
    assert member is not None
    assert json.loads(member.read()) == {
        "release": service.release_id,
        "files": {"dovecot.conf": CONF.digest, "tls/tls.key": KEY.digest},
    }


def test_files_carry_the_time_of_their_delivery() -> None:
    """The time is kept to the fraction of a second, by which Dovecot tells two files of one size apart."""
    service = Service("dovecot", {}, (CONF, KEY))
    assert packed(CONF, KEY).getmember(f"releases/{service.release_id}/dovecot.conf").mtime == NOW


def test_mode_is_part_of_the_release() -> None:
    """A file whose mode alone changes is another release."""
    stricter = File("dovecot.conf", CONF.content, CONF.shown, 0o600, 0, 0, Rung.RELOAD)
    assert Service("dovecot", {}, (CONF,)).release_id != Service("dovecot", {}, (stricter,)).release_id


def test_no_part_of_a_key_is_public(tmp_path: Path) -> None:
    """What is no secret comes whole, and nothing that a key could be in, also behind a certificate that is cut off."""
    good = "-----BEGIN CERTIFICATE-----\nGOOD\n-----END CERTIFICATE-----\n"
    key = "-----BEGIN PRIVATE KEY-----\nSECRET\nSEcret==\n-----END PRIVATE KEY-----\n"
    parameters = good.replace("CERTIFICATE", "DH PARAMETERS")
    cut = "-----BEGIN CERTIFICATE-----\nCUT\n"
    file = tmp_path / "file.pem"
    file.write_bytes(
        f"[section]\nname = value\n{good}{key}SEcret==\n{parameters}{cut}{key}{good}{cut}SECRET\n".encode()
    )
    shown = subprocess.run(["awk", _PUBLIC, file], capture_output=True, text=True, check=True).stdout
    assert shown == f"[section]\nname = value\n{good}{parameters}{good}"
    file.write_bytes(good.replace("\n", "\r\n").encode())
    assert subprocess.run(["awk", _PUBLIC, file], capture_output=True, text=True, check=True).stdout == good


@pytest.mark.parametrize(
    ("path", "delivered", "place"),
    [
        ("/etc/mailrig/current/tls.crt", None, "/etc/mailrig/current/tls.crt"),
        ("/etc/mailrig/current/tls.crt", "a1", "/config/releases/a1/tls.crt"),
        ("/var/lib/mailrig/tls/current/tls.pem", None, "/var/lib/mailrig/tls/current/tls.pem"),
        ("/var/lib/mailrig/tls/current/tls.pem", "a1", "/served/tls/current/tls.pem"),
        ("/srv/tls/tls.crt", "a1", "/srv/tls/tls.crt"),
    ],
)
def test_what_served_before_is_looked_at_where_it_is(path: str, delivered: str | None, place: str) -> None:
    """The release before and its copies of certificates are in volumes of the service; what is judged is our own."""
    assert place_of(path, delivered) == place
