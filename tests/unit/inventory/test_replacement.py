"""Files that are replaced whole, or left."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from mailrig.errors import InventoryError
from mailrig.inventory.replacement import Replacement, replace


def test_mode_and_link_stay(tmp_path: Path) -> None:
    """The file keeps its mode, a link to it stays one, and nothing else is left behind."""
    real = tmp_path / "real.txt"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link = tmp_path / "accounts.yaml"
    link.symlink_to(real)

    replace(tmp_path, [Replacement(link, b"old", b"new")])

    assert (link.is_symlink(), real.read_bytes(), real.stat().st_mode & 0o777) == (True, b"new", 0o640)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["accounts.yaml", "real.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_owner_stays(tmp_path: Path) -> None:
    """Root who edits somebody's file leaves it theirs."""
    file = tmp_path / "accounts.yaml"
    file.write_bytes(b"old")
    os.chown(file, 1234, 1235)

    replace(tmp_path, [Replacement(file, b"old", b"new")])

    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 1235)


@pytest.mark.parametrize("now", [b"theirs", None])
def test_what_somebody_else_changed_is_left(tmp_path: Path, now: bytes | None) -> None:
    """When one file is not any more what was read, none is written."""
    one, other = tmp_path / "accounts.yaml", tmp_path / "site.yaml"
    one.write_bytes(b"old")
    if now is not None:
        other.write_bytes(now)

    with pytest.raises(
        InventoryError, match=r"site\.yaml` was changed by somebody else in between; nothing was written"
    ):
        replace(tmp_path, [Replacement(one, b"old", b"new"), Replacement(other, b"old", b"new")])
    assert one.read_bytes() == b"old"


def test_a_file_that_cannot_be_written_leaves_the_others(tmp_path: Path) -> None:
    """When the second file has no room, the first is as it was, and nothing half-written is left."""
    one, other = tmp_path / "accounts.yaml", tmp_path / "folder" / "real"
    other.parent.mkdir()
    one.write_bytes(b"old")
    other.write_bytes(b"old")
    link = tmp_path / "site.yaml"
    link.symlink_to("/proc/version")  # a place where nothing can be made
    content = link.read_bytes()

    with pytest.raises(InventoryError, match=r"site\.yaml"):
        replace(tmp_path, [Replacement(one, b"old", b"new"), Replacement(link, content, b"new")])
    assert one.read_bytes() == b"old"
    assert not list(tmp_path.glob(".*"))


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    """Of many who add a line at the same time each is either in the file or was told to do it again."""
    file = tmp_path / "accounts.yaml"
    file.write_bytes(b"")
    told: list[int] = []
    start = threading.Barrier(8)

    def add(number: int) -> None:
        start.wait()
        for _ in range(5):
            before = file.read_bytes()
            try:
                replace(tmp_path, [Replacement(file, before, before + f"{number}\n".encode())])
            except InventoryError:
                told.append(number)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(file.read_bytes().split()) + len(told) == 40
