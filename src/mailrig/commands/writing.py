"""The verbs that only write files, or text: render, init, schema."""

from __future__ import annotations

from pathlib import Path

from mailrig.commands.call import Call, build_root, rendered
from mailrig.errors import MailrigError


def render(call: Call, dry_run: bool = False) -> int:
    """Write what would be deployed to build/<inventory>/<host>/, secrets as fingerprints."""
    from mailrig.render import folder

    inventory = call.load()
    root = build_root(inventory)
    written = []
    for host, release in rendered(inventory).items():
        directory = root / inventory.name / host
        difference = folder.diff(release, directory)
        written.append({"host": host, "release": release.id, "directory": str(directory), "diff": difference})
        if dry_run:
            call.console.text(difference or f"{host}: nothing would change in {directory}")
        else:
            folder.write(release, directory)
            call.console.text(f"{host}: release {release.id} in {directory}")
    if not dry_run:
        call.keep_generated()
        call.show_new_passwords()
    call.console.data(written)
    return 0


def init(call: Call, directory: tuple[str, ...] = ()) -> int:
    """Write a commented inventory to start from: init DIR."""
    from mailrig.inventory import init as write

    if len(directory) != 1:
        raise MailrigError("init takes one directory", hint="for instance: init inventory/home")
    files = write(Path(directory[0]))
    call.console.data([str(path) for path in files])
    for path in files:
        call.console.text(f"wrote {path}")
    call.console.text(f"next: edit {files[0]}, then deploy --inventory {directory[0]}")
    return 0


def schema(call: Call) -> int:
    """Print the JSON Schema of an inventory, for editors."""
    from mailrig.inventory import json_schema

    call.console.document(json_schema())
    return 0
