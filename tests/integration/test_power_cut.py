"""Everything killed in mid-queue: what was accepted is delivered after the restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from private_engine import PrivateEngine, private_engine
from sites import Site, eventually, message

from mailrig.render.images import image_name

MESSAGES = 20


@pytest.fixture
def private(tmp_path: Path) -> Iterator[PrivateEngine]:
    """An engine of the test's own."""
    with private_engine(tmp_path) as engine:
        yield engine


def test_power_cut_loses_no_message(
    private: PrivateEngine, new_site: Callable[..., Site], engine: docker.APIClient
) -> None:
    """Messages that were accepted and still queued outlive a kill of the containers and of the engine."""
    private.start()
    private.take_images(engine, [image_name(service) for service in ("dovecot", "postfix")])
    certificate = {"source": "demo-ca", "names": [private.published]}
    victim = new_site(engine=private.address, listen=[private.published], certificate=certificate)
    victim.address = private.published
    # Port 25 looks peers up by name, and no resolver can be reached in there; submission must do without one.
    del victim.host["ports"]["smtp"]
    # One delivery a second, so that most of what is accepted is still in the queue when the power goes.
    victim.settings["extra"] = {"postfix": {"default_destination_rate_delay": "1s"}}
    victim.write()
    victim.ok("deploy")

    accepted = {f"number {number}" for number in range(MESSAGES)}
    with victim.submission() as client:
        for subject in sorted(accepted):
            client.send_message(message(subject, "alice@example.test", "bob@example.test"))
        assert len(victim.subjects("bob@example.test")) < MESSAGES
        private.kill()

    private.start()
    arrived = eventually(lambda: victim.subjects("bob@example.test"), lambda found: accepted <= set(found), seconds=180)
    assert set(arrived) == accepted
