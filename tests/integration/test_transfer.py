"""Images reach a host that has none: built once, and only what is missing is sent.

The second host is an engine of the tests' own, behind a wire that counts and can be cut.
"""

from __future__ import annotations

import io
import random
import re
import uuid
from collections.abc import Iterator
from contextlib import closing

import docker
import pytest
from conftest import site_factory
from private_engine import PrivateEngine, private_engine
from sites import LOCAL, Site, eventually, free_ports, packed
from wire import Wire, wire

from mailrig.engine import transfer
from mailrig.engine.connection import Engine, connect
from mailrig.errors import EngineError
from mailrig.inventory.engine import parse

SMALL = 10**6  # bytes: an image's own words, and what a deploy says besides
BASE = 6 * 10**6  # bytes: what a base image holds, and as many zeros


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateEngine]:
    """An engine without any image."""
    with private_engine(tmp_path_factory.mktemp("away")) as engine:
        engine.start()
        yield engine


@pytest.fixture(scope="module")
def line(away: PrivateEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, str]]:
    """The wire to that engine, and its address."""
    with wire(away.address, tmp_path_factory.mktemp("wire") / "docker.sock") as laid:
        yield laid


@pytest.fixture
def target(line: tuple[Wire, str]) -> Iterator[Engine]:
    """The engine at the other end of the wire, which holds at the end."""
    with closing(connect(line[1])) as engine:
        yield engine
    line[0].cut_after = None


@pytest.fixture(scope="module")
def source() -> Iterator[Engine]:
    """The engine that has images."""
    with closing(connect(LOCAL)) as engine:
        yield engine


@pytest.fixture
def tags(source: Engine, target: Engine) -> Iterator[list[str]]:
    """Two images of the source that differ in a small layer on the same base; they are removed everywhere."""
    name = f"mailrig/transfer-{uuid.uuid4().hex[:8]}"
    content = random.Random(name).randbytes(BASE) + bytes(BASE)  # noqa: S311 - half of it cannot be compressed
    source.api.import_image_from_data(packed({"base": content}), name, "base")
    made = [f"{name}:1", f"{name}:2"]
    for tag in made:
        context = packed({"Dockerfile": f"FROM {name}:base\nCOPY name /\n".encode(), "name": tag.encode()})
        answers = source.api.build(fileobj=io.BytesIO(context), custom_context=True, tag=tag, rm=True, decode=True)
        assert not [answer for answer in answers if "error" in answer]
    yield made
    for engine in (source, target):
        for tag in (*made, f"{name}:base"):
            remove(engine, tag)


def remove(engine: Engine, tag: str) -> None:
    """Remove an image, if it is there."""
    if engine.api.images(name=tag):
        engine.api.remove_image(tag)


def send(tag: str, source: Engine, target: Engine) -> list[str]:
    """Send an image, and return what was said of it."""
    said: list[str] = []
    archive = transfer.fetch(source, tag)
    with closing(archive.file):
        transfer.send(archive, tag, target, "away", said.append)
    return said


def test_layers_that_are_there_are_not_sent_again(
    tags: list[str], source: Engine, target: Engine, line: tuple[Wire, str]
) -> None:
    """The first image brings the base, the second only what is its own; both are the very images."""
    said = send(tags[0], source, target)
    first, line[0].sent = line[0].sent, 0
    assert first > 2 * BASE
    assert any(re.fullmatch(rf"waiting for away: {tags[0]}, [0-9.]+ of [0-9.]+ MB sent", text) for text in said)
    assert said[-1].startswith(f"sent {tags[0]} to away: ")
    said = send(tags[1], source, target)
    assert line[0].sent < SMALL
    assert "are there" in said[-1]
    for tag in tags:
        assert target.api.inspect_image(tag)["Id"] == source.api.inspect_image(tag)["Id"]


def test_transfer_that_breaks_off_leaves_nothing(
    tags: list[str], source: Engine, target: Engine, line: tuple[Wire, str], away: PrivateEngine
) -> None:
    """What was cut says how far it came; nothing of it is on the host, and the next one sends all of it."""
    line[0].sent, line[0].cut_after = 0, BASE
    with pytest.raises(EngineError, match=rf"{tags[0]} did not reach away: .* of [0-9.]+ MB were sent"):
        send(tags[0], source, target)
    line[0].cut_after = None
    assert target.api.images(all=True) == []
    assert eventually(lambda: list((away.directory / "data" / "tmp").iterdir()), lambda left: left == []) == []
    send(tags[0], source, target)
    assert target.api.inspect_image(tags[0])["Id"] == source.api.inspect_image(tags[0])["Id"]


def test_image_goes_packed_over_a_network(
    tags: list[str], source: Engine, target: Engine, line: tuple[Wire, str]
) -> None:
    """An engine takes an archive that is compressed on the way."""
    line[0].sent = 0
    far = Engine(parse("tcp://away.example:2376"), target.api, target.shells)
    said = send(tags[0], source, far)
    total, wired = map(float, re.findall(r"([0-9.]+) MB", said[-1])[:2])
    assert wired < total * 0.6
    assert line[0].sent < total * 0.6 * 10**6
    assert target.api.inspect_image(tags[0])["Id"] == source.api.inspect_image(tags[0])["Id"]


def test_engine_that_wants_all_layers_gets_them(
    tags: list[str], source: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an archive in part is refused, the whole follows: here one layer more is left out than is there."""
    send(tags[0], source, target)
    monkeypatch.setattr(transfer, "held_layers", lambda _engine, layers: len(layers))
    said = send(tags[1], source, target)
    assert any("does not take" in text and "sending all of it" in text for text in said)
    assert target.api.inspect_image(tags[1])["Id"] == source.api.inspect_image(tags[1])["Id"]


@pytest.fixture(scope="module")
def site(
    engine: docker.APIClient,
    away: PrivateEngine,
    line: tuple[Wire, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """A site on two hosts, the second behind the wire; not deployed yet."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make()
        imaps, submission = free_ports(2)
        made.settings["hosts"]["away"] = {
            "hostname": "away.example.test",
            "engine": line[1],
            "certificate": {"source": "demo-ca", "names": [away.published]},
            "listen": [away.published],
            "ports": {"imaps": imaps, "submission": submission},  # port 25 needs a resolver, which there is not
        }
        made.write()
        yield made


def test_hosts_run_the_same_images_that_were_built_once(
    site: Site, engine: docker.APIClient, away: PrivateEngine, line: tuple[Wire, str]
) -> None:
    """The second host gets its images from the first one's engine, the base once, and builds none."""
    line[0].sent = 0
    done = site.run("deploy")
    assert done.returncode == 0, done.stderr
    sent = [float(size) for size in re.findall(r"sent mailrig/\S+ to away: ([0-9.]+) MB", done.stderr)]
    whole = [engine.inspect_image(tag)["VirtualSize"] / 10**6 for tag in tags_of(site, engine)]
    assert len(sent) == 2
    assert sum(sent) < sum(whole) - 100  # MB: the base is in it once
    assert line[0].sent < (sum(sent) + 10) * 10**6
    with closing(docker.APIClient(base_url=away.address, version="auto")) as other:
        assert ids(site, other) == ids(site, engine)
        assert {image["Id"] for image in other.images(all=True)} == set(ids(site, engine))


def test_nothing_is_sent_where_nothing_is_missing(site: Site, line: tuple[Wire, str]) -> None:
    """A deploy that changes something else sends no image."""
    line[0].sent = 0
    site.settings["message_size_limit"] = "11M"
    site.write()
    done = site.run("deploy")
    assert done.returncode == 0, done.stderr
    assert "sent mailrig/" not in done.stderr
    assert line[0].sent < SMALL


def tags_of(site: Site, engine: docker.APIClient) -> list[str]:
    """Return the tags of the site's images."""
    return [engine.inspect_container(site.container(one))["Config"]["Image"] for one in ("dovecot", "postfix")]


def ids(site: Site, engine: docker.APIClient) -> list[str]:
    """Return the ids of the images that the site's containers run."""
    return [engine.inspect_container(site.container(one))["Image"] for one in ("dovecot", "postfix")]
