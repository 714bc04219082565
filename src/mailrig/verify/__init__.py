"""Asks a running mail service from outside, as a client would, whether it does what it should."""

from mailrig.verify.report import Report, Result
from mailrig.verify.survey import verify
from mailrig.verify.target import Endpoint, Inside, Target

__all__ = ["Endpoint", "Inside", "Report", "Result", "Target", "verify"]
