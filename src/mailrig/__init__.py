"""An inventory in, a working mail server out."""

__version__ = "0.1.0"
