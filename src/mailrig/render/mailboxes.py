"""Where an account's mail lies in the mail volume, as dovecot.conf has it; knows nothing of Docker."""

from __future__ import annotations

VOLUME = "mail_data"
FOLDERS = ("vhosts", "homes")  # mail_location, and the home of each user, where Sieve filters are


def places(address: str) -> tuple[str, ...]:
    """Return the directories of an account, from the root of the volume on."""
    local, _, domain = address.rpartition("@")
    return tuple(f"{folder}/{domain}/{local}" for folder in FOLDERS)
