"""The truth about certificates: what each port really shows, beside the files that it should be from."""

from __future__ import annotations

from datetime import datetime

from mailrig.verify.certificates.configured import setups
from mailrig.verify.certificates.presented import ports
from mailrig.verify.certificates.report import Report
from mailrig.verify.target import Inside, Target

__all__ = ["Report", "certificates"]


def certificates(target: Target, inside: Inside, now: datetime) -> Report:
    """Ask every TLS port of one host for its certificates, and look into the files that its services are to use."""
    asked = ports(target)
    configured = setups(inside, target.hostname, [port.name for port in asked])
    return Report(target.host, target.hostname, now, asked, configured)
