"""One host's release out of the inventory; knows nothing of Docker, and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mailrig.errors import RenderError
from mailrig.inventory.model import Inventory
from mailrig.render import dovecot, portal, postfix, roundcube, web
from mailrig.render.compose import compose
from mailrig.render.manifest import rendered_files, setting_rules
from mailrig.render.release import Release, Service
from mailrig.render.templates import Templates

_DAEMONS = {
    "dovecot": (dovecot.TEMPLATES, dovecot.values),
    "postfix": (postfix.TEMPLATES, postfix.values),
    "setup": (portal.TEMPLATES, portal.values),
    "roundcube": (roundcube.TEMPLATES, roundcube.values),
    "web": (web.TEMPLATES, web.values),
}


def render(inventory: Inventory, host: str, templates: Templates | None = None) -> Release:
    """Render everything for ``host``, a key of the inventory's ``hosts``; the same input gives the same bytes.

    ``templates`` that have rendered another host are not read again.
    """
    if host not in inventory.site.hosts:
        raise RenderError(f"no host `{host}` in inventory `{inventory.name}`")
    templates = templates or Templates()
    text, model = compose(templates, inventory, host)
    return Release(
        host=host,
        project=model["name"],
        compose=text,
        model=model,
        services=tuple(_service(templates, name, spec, inventory, host) for name, spec in model["services"].items()),
    )


def _service(templates: Templates, name: str, spec: Mapping[str, Any], inventory: Inventory, host: str) -> Service:
    folder, values = _DAEMONS[name]
    settings = setting_rules(templates, folder)
    files = rendered_files(templates, folder, values(inventory, host), inventory.site.hosts[host].role)
    return Service(name, spec, files, settings.rules, settings.lasting)
