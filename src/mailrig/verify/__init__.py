"""Asks a running mail service from outside, as a client would, whether it does what it should.

What asks is in ``survey``: whoever only names a target needs none of it.
"""

from mailrig.verify.report import Report, Result
from mailrig.verify.target import Endpoint, Inside, Target

__all__ = ["Endpoint", "Inside", "Report", "Result", "Target"]
