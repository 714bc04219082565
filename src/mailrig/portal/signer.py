"""The site's key pair, for profiles that devices show as verified; must not know what is in a profile."""

from __future__ import annotations

import logging
from pathlib import Path

from mailrig.discovery.profile import signed

_LOG = logging.getLogger(__name__)


class Signer:
    """A directory with tls.crt and tls.key, either of which may be missing, be renewed, or not be usable."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def sign(self, content: bytes) -> bytes:
        """Return the content signed, or as it is where it cannot be: a device installs that as well, and says so."""
        if self._directory is None:
            return content
        try:
            chain, key = ((self._directory / name).read_text() for name in ("tls.crt", "tls.key"))
            return signed(content, chain, key)
        except FileNotFoundError:
            return content
        except (OSError, ValueError, TypeError) as error:
            _LOG.warning("a profile is not signed: %s", error)
            return content
