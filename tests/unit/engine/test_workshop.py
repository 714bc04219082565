"""What is packed into a configuration volume."""

from __future__ import annotations

import io
import json
import tarfile

from mailrig.engine.workshop import archive
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
