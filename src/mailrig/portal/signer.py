"""The site's key pair, for profiles that devices show as verified; must not know what is in a profile."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from mailrig.discovery.profile import signed

_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_LOG = logging.getLogger(__name__)


class Signer:
    """A file with a key and its certificate's chain (PEM), which may be missing, be renewed, or not be usable."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def sign(self, content: bytes) -> bytes:
        """Return the content signed, or as it is where it cannot be: a device installs that as well, and says so."""
        if self._file is None:
            return content
        try:
            pair = self._file.read_text("ascii")
            return signed(content, pair, "".join(_KEY.findall(pair)))
        except FileNotFoundError:
            return content
        except (OSError, ValueError, TypeError) as error:
            _LOG.warning("a profile is not signed: %s", error)
            return content
