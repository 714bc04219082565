"""The truth about certificates: what each port really shows, beside the files that it should be from."""

from __future__ import annotations

import imaplib
from contextlib import suppress
from datetime import datetime

from mailrig.verify.certificates.configured import setups
from mailrig.verify.certificates.presented import ports
from mailrig.verify.certificates.report import Report
from mailrig.verify.session import imap
from mailrig.verify.target import Inside, Target

__all__ = ["Report", "certificates"]


def certificates(target: Target, inside: Inside, now: datetime) -> Report:
    """Ask every TLS port of one host for its certificates, and look into the files that its services are to use."""
    asked = ports(target)
    _say_who_asked(target)
    configured = setups(inside, target.hostname, [port.name for port in asked])
    return Report(target.host, target.hostname, now, asked, configured)


def _say_who_asked(target: Target) -> None:
    """Log in as the probe: by its name, who reads the log knows the handshakes just before for ours."""
    port = next((name for name in ("imaps", "imap") if name in target.endpoints), None)
    if port is not None:
        with suppress(OSError, imaplib.IMAP4.error):  # what is wrong there is in the report
            imap(target, port, target.password.reveal()).logout()
