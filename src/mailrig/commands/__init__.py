"""One function per verb: each wires the layers together and decides nothing itself.

Everything heavy is imported where it is used, so that `invoke --list` stays quick.
"""

from __future__ import annotations

from mailrig.commands.accounts import account
from mailrig.commands.addresses import alias, domain
from mailrig.commands.call import Call, build_root
from mailrig.commands.changing import deploy, plan, rollback
from mailrig.commands.clients import clients
from mailrig.commands.dns import dns
from mailrig.commands.past import diff, history, lock
from mailrig.commands.preparing import host
from mailrig.commands.setup import setup
from mailrig.commands.standing import down, logs, restart, status
from mailrig.commands.tracing import trace
from mailrig.commands.verifying import certs, verify
from mailrig.commands.writing import init, render, schema

__all__ = [
    "Call",
    "account",
    "alias",
    "build_root",
    "certs",
    "clients",
    "deploy",
    "diff",
    "dns",
    "domain",
    "down",
    "history",
    "host",
    "init",
    "lock",
    "logs",
    "plan",
    "render",
    "restart",
    "rollback",
    "schema",
    "setup",
    "status",
    "trace",
    "verify",
]
