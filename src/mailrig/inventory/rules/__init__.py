"""What must hold between keys, once each is well-formed; knows nothing of YAML or of how mail is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from mailrig.errors import Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.rules import addresses, aliases, certificates, clients, engines, gateways, network, settings, web


def check(draft: Draft, now: dt.datetime) -> Iterator[Problem]:
    """Yield every problem of ``draft`` that takes more than one key to see."""
    yield from addresses.check(draft)
    yield from aliases.check(draft)
    yield from engines.check(draft)
    yield from network.check(draft)
    yield from gateways.check(draft)
    yield from certificates.check(draft, now)
    yield from web.check(draft)
    yield from settings.check(draft)
    yield from clients.check(draft)
