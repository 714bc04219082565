"""One host's release out of the inventory; knows nothing of Docker, and writes nothing."""

from __future__ import annotations

from mailrig.errors import RenderError
from mailrig.inventory.model import Inventory
from mailrig.render import dovecot, postfix
from mailrig.render.compose import compose
from mailrig.render.manifest import rendered_files
from mailrig.render.release import Release, Service
from mailrig.render.templates import Templates


def render(inventory: Inventory, host: str) -> Release:
    """Render everything for ``host``, a key of the inventory's ``hosts``; the same input gives the same bytes."""
    if host not in inventory.site.hosts:
        raise RenderError(f"no host `{host}` in inventory `{inventory.name}`")
    templates = Templates()
    text, model = compose(templates, inventory, host)
    files = {
        "dovecot": rendered_files(templates, dovecot.TEMPLATES, dovecot.values(inventory, host)),
        "postfix": rendered_files(templates, postfix.TEMPLATES, postfix.values(inventory, host)),
    }
    return Release(
        host=host,
        project=model["name"],
        compose=text,
        model=model,
        services=tuple(Service(name, model["services"][name], files[name]) for name in model["services"]),
    )
