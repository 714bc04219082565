"""A plan in a file, and whether it may still be applied. It holds no configuration, and so no secret.

What is to come into force is rendered again from the inventory, and must have the same name by its content.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailrig.errors import ApplyError, Outdated

_VERSION = 1


def save(file: Path, site: str, hosts: Mapping[str, Mapping[str, Any]]) -> None:
    """Write a plan: per host its release, the fingerprint of what it was made for, and its actions."""
    content = {"mailrig_plan": _VERSION, "site": site, "hosts": hosts}
    unfinished = file.with_name(f".{file.name}.new")
    try:
        unfinished.write_text(json.dumps(content, indent=2) + "\n")
        os.replace(unfinished, file)  # noqa: PTH105 - rename(2): whole, or not there
    except OSError as error:
        raise ApplyError(f"cannot write the plan to {file}: {error.strerror}") from error


def read(file: Path, site: str, releases: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprint of each host that a plan was made for.

    Raise Outdated when the inventory says something else now: ``releases`` are the ids of what it renders to, by host.
    """
    planned = _content(file)
    if planned.get("site") != site:
        raise Outdated(f"{file} is a plan for the site `{planned.get('site')}`, and this is `{site}`")
    hosts = planned["hosts"]
    differing = [host for host in {**hosts, **releases} if hosts.get(host, {}).get("release") != releases.get(host)]
    if differing:
        raise Outdated(
            f"the inventory has changed since the plan in {file} was made, for {', '.join(differing)}",
            hint="plan again, or deploy without --plan",
        )
    return {host: str(entry["fingerprint"]) for host, entry in hosts.items()}


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text())
    except OSError as error:
        raise ApplyError(f"cannot read the plan in {file}: {error.strerror}") from error
    except ValueError as error:
        raise ApplyError(f"{file} is not a plan: {error}") from error
    if not isinstance(content, dict) or content.get("mailrig_plan") != _VERSION:
        raise ApplyError(f"{file} is not a plan of this mailrig", hint="plan --out FILE writes one")
    return content
