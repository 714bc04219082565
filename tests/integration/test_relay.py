"""Mail for elsewhere goes through the relay host, with its credentials, over TLS."""

from __future__ import annotations

from collections.abc import Callable

import docker
from sites import Site, eventually, exec_in, message

RELAY = "relay.example.net"


def test_relay_host_takes_mail_for_elsewhere(new_site: Callable[..., Site], engine: docker.APIClient) -> None:
    """A second site of ours is the relay: it demands TLS and a login, and delivers to its own mailbox."""
    smarthost = new_site()
    smarthost.settings["domains"] = ["example.net", "example.test"]
    smarthost.accounts = {
        "accounts": {f"{who}@example.net": {"password": "!generated"} for who in ("customer", "bob")},
        # Whose mail comes here may also be sent from here: so the relay lets its customer be alice.
        "aliases": {"alice@example.test": "customer@example.net"},
    }
    smarthost.write()
    smarthost.ok("deploy")

    sender = new_site()
    sender.settings["relay"] = {
        "host": RELAY,
        "user": "customer@example.net",
        "password": "!env RELAY_PASSWORD",
        "tls": "encrypt",
    }
    sender.environment["RELAY_PASSWORD"] = smarthost.password("customer@example.net")
    sender.write()
    sender.ok("deploy")
    network = f"mailrig-{sender.name}_mail"
    engine.connect_container_to_network(smarthost.container("postfix"), network, aliases=[RELAY])

    with sender.submission() as client:
        client.send_message(message("by way of the relay", "alice@example.test", "bob@example.net"))
    arrived = eventually(lambda: smarthost.subjects("bob@example.net"), lambda found: "by way of the relay" in found)
    assert arrived.count("by way of the relay") == 1
    log = exec_in(smarthost, "postfix", "cat", "/var/log/mail.log")
    assert "sasl_username=customer@example.net" in log
    secret = sender.environment["RELAY_PASSWORD"]
    assert secret not in sender.ok("render", "--dry-run")
    assert secret not in str(engine.inspect_container(sender.container("postfix")))
    assert secret not in exec_in(sender, "postfix", "postconf", "-n")
