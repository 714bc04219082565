"""What mail programs need to know of a site, described once and said in each format that they read; pure."""

from mailrig.discovery.settings import Server, Settings, of_address, of_domain

__all__ = ["Server", "Settings", "of_address", "of_domain"]
