"""What verify is pointed at, for a host that is here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from mailrig.inventory.loader import load
from mailrig.inventory.state import State
from mailrig.targets import target_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def endpoints(tmp_path: Path) -> Callable[..., Mapping[str, str]]:
    """Return what says where the ports of a host are asked, by its engine and the addresses it listens on."""

    def of(engine: str, listen: str, ports: str = "{imaps: 993}") -> Mapping[str, str]:
        (tmp_path / "site.yaml").write_text(
            dedent(f"""\
                site: test
                domains: [example.org]
                hosts:
                  mx:
                    hostname: mail.example.org
                    engine: "{engine}"
                    certificate: {{source: demo-ca}}
                    listen: [{listen}]
                    ports: {ports}
                """)
        )
        found = target_of(load(tmp_path, State(tmp_path), NOW), "mx").endpoints
        return {name: str(endpoint) for name, endpoint in found.items()}

    return of


@pytest.mark.parametrize(
    ("engine", "listen", "asked"),
    [
        ("unix:///var/run/docker.sock", "0.0.0.0", "127.0.0.1:993"),
        ("unix:///var/run/docker.sock", '"::"', "[::1]:993"),
        ("unix:///var/run/docker.sock", "127.0.0.2, 100.64.0.9", "127.0.0.2:993"),
        ("ssh://root@192.0.2.7", "0.0.0.0", "192.0.2.7:993"),
        ("ssh://root@mx.example.org", "0.0.0.0", "mx.example.org:993"),
        ("ssh://mx", "0.0.0.0", "mail.example.org:993"),  # an alias, which ssh alone knows
        ("ssh://[2001:db8::7]", '"::"', "[2001:db8::7]:993"),
        ("ssh://192.0.2.7", '"::"', "mail.example.org:993"),  # that address is not one of what it listens on
        ("ssh://mx", "127.0.0.1, 100.64.0.9", "100.64.0.9:993"),
        ("ssh://127.0.0.1:2222", "0.0.0.0", "127.0.0.1:993"),
    ],
)
def test_ports_are_asked_where_they_are_reached(
    endpoints: Callable[..., Mapping[str, str]], engine: str, listen: str, asked: str
) -> None:
    """All addresses of another host are not those of this machine, and its loopback is not ours."""
    assert endpoints(engine, listen) == {"imaps": asked}


def test_what_nobody_elsewhere_reaches_is_not_asked(endpoints: Callable[..., Mapping[str, str]]) -> None:
    """A port on another host's loopback is for that host alone."""
    ports = "{imaps: 993, smtp: {port: 25, addresses: [127.0.0.1]}}"
    assert endpoints("ssh://mx", "100.64.0.9", ports) == {"imaps": "100.64.0.9:993"}
    assert "smtp" in endpoints("unix:///var/run/docker.sock", "100.64.0.9", ports)
