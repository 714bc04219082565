"""The build folder: what is written, what is removed, and how changes are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailrig.errors import RenderError
from mailrig.inventory.model import Inventory, Tls
from mailrig.render import Release, folder, render


@pytest.fixture
def release(inventory: Callable[..., Inventory]) -> Release:
    """A small release."""
    return render(inventory(), "home")


def with_tls(inventory: Inventory, tls: Tls) -> Release:
    """Render the same with other TLS settings."""
    return render(replace(inventory, site=replace(inventory.site, tls=tls)), "home")


def test_first_difference_is_all_of_it(release: Release, tmp_path: Path) -> None:
    """On the first run every file is new."""
    difference = folder.diff(release, tmp_path)
    assert "--- /dev/null\n+++ b/compose.yaml\n" in difference
    assert "+ssl = required\n" in difference
    assert not (tmp_path / "compose.yaml").exists()


def test_nothing_differs_after_writing(release: Release, tmp_path: Path) -> None:
    """What was written is what would be."""
    folder.write(release, tmp_path / "build")
    assert folder.diff(release, tmp_path / "build") == ""


def test_change_is_shown_as_a_unified_diff(inventory: Callable[..., Inventory], tmp_path: Path) -> None:
    """Only the lines that change are shown, with what surrounds them."""
    folder.write(render(inventory(), "home"), tmp_path)
    difference = folder.diff(with_tls(inventory(), Tls(min_protocol="TLSv1.3")), tmp_path)
    assert "-ssl_min_protocol = TLSv1.2\n+ssl_min_protocol = TLSv1.3\n" in difference
    assert "--- a/dovecot/dovecot.conf\n+++ b/dovecot/dovecot.conf\n" in difference
    assert "users" not in difference


def test_file_that_is_no_longer_rendered_goes(inventory: Callable[..., Inventory], tmp_path: Path) -> None:
    """A DH file is shown as gone, and then is; a file beside the services' folders stays."""
    folder.write(render(inventory(), "home"), tmp_path)
    (tmp_path / "notes").write_text("mine")
    without = with_tls(inventory(), Tls(dh="none"))
    assert "--- a/dovecot/dh.pem\n+++ /dev/null\n" in folder.diff(without, tmp_path)
    folder.write(without, tmp_path)
    assert not (tmp_path / "dovecot" / "dh.pem").exists()
    assert (tmp_path / "notes").exists()


def test_file_that_stays_the_same_is_not_touched(release: Release, tmp_path: Path) -> None:
    """Writing again leaves the files' times alone."""
    folder.write(release, tmp_path)
    before = (tmp_path / "dovecot" / "users").stat().st_mtime_ns
    folder.write(release, tmp_path)
    assert (tmp_path / "dovecot" / "users").stat().st_mtime_ns == before


def test_compose_yaml_against_the_specification_is_not_written(release: Release, tmp_path: Path) -> None:
    """A key that Compose does not know is named with its place."""
    broken = Release(release.host, release.project, release.compose, {"services": {"a": {"imagee": "b"}}}, ())
    with pytest.raises(RenderError, match=r"compose\.yaml: services\.a: .*imagee"):
        folder.write(broken, tmp_path)
    assert not (tmp_path / "compose.yaml").exists()
