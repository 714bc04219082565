"""YAML with positions in, a frozen and checked Inventory out; knows nothing of Docker, of templates or of printing."""

from __future__ import annotations

from mailrig.inventory.catalogue import Found, find
from mailrig.inventory.loader import load
from mailrig.inventory.schema import json_schema
from mailrig.inventory.starter import init
from mailrig.inventory.state import State

__all__ = ["Found", "State", "find", "init", "json_schema", "load"]
