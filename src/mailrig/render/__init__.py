"""The layer from an inventory to a release: pure, it reads templates and knows nothing of Docker."""

from mailrig.render.host import render
from mailrig.render.release import File, Release, Rung, Service

__all__ = ["File", "Release", "Rung", "Service", "render"]
