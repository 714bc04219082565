"""Whether a mail client gets into a server, before anybody has tried; pure, and knows no daemon."""

from __future__ import annotations

from msgspec import Struct

from mailrig.clients import cures, rules, words
from mailrig.clients.catalogue import Client
from mailrig.clients.openssl import TLS13
from mailrig.clients.rules import Agreed, Refused, Rule
from mailrig.clients.server import Server


class Prediction(Struct, frozen=True):
    """How a handshake between the two will end; ``server`` is what it offers to this client."""

    server: Server
    client: Client
    outcome: Agreed | Refused

    @property
    def is_let_in(self) -> bool:
        """Whether the handshake succeeds."""
        return isinstance(self.outcome, Agreed)

    @property
    def is_seen_at_once(self) -> bool:
        """Whether the server's answer to a ClientHello shows the outcome."""
        return not self.server.refuses_late

    @property
    def version(self) -> int | None:
        """The agreed version; None where there is none."""
        return self.outcome.version if isinstance(self.outcome, Agreed) else None

    @property
    def suite(self) -> int | None:
        """The agreed suite's number; None where there is none."""
        return self.outcome.suite if isinstance(self.outcome, Agreed) else None

    @property
    def suite_name(self) -> str | None:
        """The agreed suite as OpenSSL calls it; None where there is none."""
        return self.outcome.name if isinstance(self.outcome, Agreed) else None

    @property
    def rule(self) -> Rule:
        """The rule that decided: the one that failed, or the one that the agreed version goes by."""
        if isinstance(self.outcome, Refused):
            return self.outcome.rule
        return "tls13" if self.outcome.version == TLS13 else "suite"

    @property
    def reason(self) -> str:
        """Why the client is locked out, in words; empty where it is not."""
        return words.reason(self.server, self.client, self.outcome) if isinstance(self.outcome, Refused) else ""

    @property
    def cure(self) -> str:
        """The smallest change of the server that lets the client in, in words; empty where it is let in."""
        return cures.cure(self.server, self.client) if isinstance(self.outcome, Refused) else ""


def predict(server: Server, client: Client) -> Prediction:
    """Return how the client fares with the server, whose TLS is OpenSSL's."""
    offered = server.to(names_host=client.entry.sni)
    return Prediction(offered, client, rules.judge(offered, client))
