"""What mail programs need to know of a site, described once and said in each format that they read; pure.

It runs in the container `setup` as well, where nothing else of mailrig is: it must not know inventories.
"""

from mailrig.discovery.settings import Server, Settings

__all__ = ["Server", "Settings"]
