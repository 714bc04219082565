"""Deleting the mail of an address that is no account any more: on each host that has it, under the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailrig.commands.call import Call
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.inventory.model import Inventory


def purged(call: Call, word: str) -> int:
    """Delete the mail of an address, and say what was deleted; exit 1 when there was none."""
    from mailrig.edit import address as addresses

    inventory = call.load()
    address = addresses.formed(word)  # its domain may be gone as well
    _refuse(inventory, address)
    homes = [name for name, host in inventory.site.hosts.items() if host.role == "home"]
    found = [entry for host in homes for entry in _purged_on(call, inventory, host, address)]
    call.console.data({"address": address, "deleted": found})
    if not found:
        call.console.text(f"there is no mail of `{address}`")
        return 1
    return 0


def _refuse(inventory: Inventory, address: str) -> None:
    """Raise for an address that somebody has."""
    site = inventory.site
    if address == inventory.probe.address.lower():
        raise MailrigError(f"`{address}` is the probe; nothing was deleted")
    if address in site.accounts:
        raise MailrigError(
            f"`{address}` is still an account; nothing was deleted",
            location=inventory.at("accounts", address),
            hint=f"`account remove {address}` first",
        )


def _purged_on(call: Call, inventory: Inventory, host: str, address: str) -> list[dict[str, object]]:
    from dataclasses import asdict

    from mailrig.apply import lock
    from mailrig.apply.images import image_to_run
    from mailrig.apply.journal import Step, as_json
    from mailrig.engine.labels import PREFIX
    from mailrig.engine.mailboxes import Mailbox
    from mailrig.render import render
    from mailrig.render.mailboxes import places

    engine, project = call.engine(inventory, host), PREFIX + inventory.site.site
    image = image_to_run(engine, render(inventory, host))
    with lock.held(engine, project, image, f"purge {address}") as recorder:
        mailbox = Mailbox(engine, project, image, address, places(address))
        try:
            contents = mailbox.contents()
            for one in contents:
                text = f"deleting {one.place}: {one.messages} messages, {one.files} files, {one.bytes} bytes"
                recorder.record(as_json(Step(deploy="purge", when=lock.now(), subject=address, text=text)))
                call.console.text(f"{host}: {text}")
            if contents:
                mailbox.delete([one.place for one in contents])
        finally:
            mailbox.close()
    return [{"host": host, **asdict(one)} for one in contents]
