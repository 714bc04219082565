"""Which mail clients have to prove a release."""

from __future__ import annotations

from mailrig.apply.gate import crowd
from mailrig.apply.judgement import Judgement
from mailrig.clients.catalogue import shipped


def test_nobody_is_required_without_an_inventory() -> None:
    """A rollback does not know whom the site ignores: one of TLS 1.3 alone must be able to go back."""
    assert crowd(Judgement(), None, ()).allowed == set(shipped())
