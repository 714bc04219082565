"""The site's description as it lies in a file that may change at any time; must not know what is done with it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from mailrig.discovery.site import Site, SiteError, parse

_LOG = logging.getLogger(__name__)

_Mark = tuple[int, int, int]


class Description:
    """A site, read anew when its file is another one; one that cannot be read leaves the one before in its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._mark, self._site = self._read()

    def site(self) -> Site:
        """Return the site as its file has it now."""
        with self._lock:
            try:
                if self._look() != self._mark:
                    self._mark, self._site = self._read()
                    _LOG.info("reads %s anew", self._path)
            except (OSError, SiteError) as error:
                _LOG.warning("stays with the description of before: %s: %s", self._path, error)
            return self._site

    def _read(self) -> tuple[_Mark, Site]:
        mark = self._look()
        return mark, parse(self._path.read_text("utf-8"))

    def _look(self) -> _Mark:
        found = self._path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
