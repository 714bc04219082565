"""The inventories that ship, and what is made of them: a start for the user, a schema for the editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec.inspect as mi
import pytest
import yaml

from mailrig.errors import InventoryError, Location
from mailrig.inventory import State, init, json_schema, load
from mailrig.inventory.document import read
from mailrig.inventory.kinds import keys_of
from mailrig.inventory.model import Inventory, Published, Site
from mailrig.inventory.place import KeyPath
from mailrig.inventory.reader import TAGS
from mailrig.resources import resource

from .conftest import NOW, SHA512_HASH

SHIPPED = resource("inventory")
CHOSEN: tuple[KeyPath, ...] = (
    ("hosts",),
    ("accounts",),
    ("aliases",),
    ("clients", "add"),
)  # by names of the user's own


class Plain(yaml.SafeLoader):
    """Reads YAML as an editor does that knows the tags of secrets."""


for tag in TAGS:
    Plain.add_constructor(tag, lambda loader, node: loader.construct_scalar(node))


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Inventory:
    """Return the example, loaded with the secrets it asks for."""
    monkeypatch.setenv("RELAY_PASSWORD", "hunter2")
    monkeypatch.setenv("FORMER_PASSWORD_HASH", SHA512_HASH)
    return load(SHIPPED / "example", State(SHIPPED / "example"), NOW)


def all_keys(struct: type, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield every key of the model, with `*` for a key that the user chooses and all that the model fixes."""
    for key in keys_of(struct).values():
        yield (*path, key.name)
        for kind in key.kinds:
            yield from _below(kind, (*path, key.name))


def _below(kind: mi.Type, path: KeyPath) -> Iterator[KeyPath]:
    match kind:
        case mi.StructType():
            yield from all_keys(kind.cls, path)
        case mi.DictType(key_type=mi.LiteralType(values=names), value_type=value):
            for name in names:
                yield (*path, str(name))
                yield from _below(value, (*path, str(name)))
        case mi.DictType(value_type=value):
            yield from _below(value, (*path, "*"))


def places(inventory: Inventory) -> dict[KeyPath, Location]:
    """Return where each key of the model first stands, with `*` for a key that the user chooses."""
    found: dict[KeyPath, Location] = {}
    for path, place in inventory.marks.items():
        above = next((chosen for chosen in CHOSEN if path[: len(chosen)] == chosen and len(path) > len(chosen)), None)
        found.setdefault((*above, "*", *path[len(above) + 1 :]) if above else path, place)
    return found


def test_every_key_is_in_the_example(example: Inventory) -> None:
    """There is no key that the annotated example does not show."""
    assert set(all_keys(Site)) - set(places(example)) == set()


def test_every_key_is_explained_in_the_example(example: Inventory) -> None:
    """Each key has a comment right above it in at least one place."""
    lines = {
        file: (SHIPPED / "example" / file).read_text().splitlines()
        for file in ("site.yaml", "accounts.yaml", "clients.yaml")
    }
    explained = {
        path[-1]
        for path, place in places(example).items()
        if lines[place.file.name][place.line - 2].lstrip().startswith("#")
    }

    assert {path[-1] for path in all_keys(Site)} - explained == set()


def test_the_example_is_the_incident(example: Inventory) -> None:
    """It has the shape of the report's site: ports, addresses, certificate, relay, hashes of each scheme."""
    home = example.site.hosts["home"]
    schemes = {account.password.reveal().partition("}")[0] for account in example.site.accounts.values()}

    assert home.published("lmtp") == Published(port=2525, addresses=("100.64.0.10",))
    assert [home.ports[name] for name in ("imaps", "pop3s", "submission", "submissions")] == [993, 995, 587, 465]
    assert home.certificate.cert == "/var/lib/tailscale/certs/tls.crt"
    assert (home.network.subnet, home.network.addresses["dovecot"]) == ("172.20.0.0/24", "172.20.0.30")
    assert example.site.container_prefix == "mailserver"
    assert example.site.relay is not None
    assert example.certificates == {}
    assert schemes == {"{ARGON2ID", "{BLF-CRYPT", "{SHA512-CRYPT"}


def test_the_demo_needs_nothing(tmp_path: Path) -> None:
    """The demo loads as it is, with a CA of its own, generated passwords and a probe."""
    state = State(tmp_path)
    demo = load(SHIPPED / "demo", state, NOW)

    assert [login.address for login in state.new_passwords] == [
        "alice@demo.test",
        "bob@demo.test",
        "mailrig-probe@demo.test",
    ]
    assert demo.probe.address == "mailrig-probe@demo.test"
    assert demo.certificates.keys() == demo.trust.keys() == {"home"}
    assert all(account.password.reveal().startswith("{ARGON2ID}") for account in demo.site.accounts.values())


def test_a_new_inventory_is_the_demo_with_every_key_explained(tmp_path: Path) -> None:
    """What init writes loads as it is, says what the demo says, and is called like its directory."""
    directory = tmp_path / "My Home"
    files = init(directory)
    made = load(directory, State(tmp_path), NOW)
    demo = load(SHIPPED / "demo", State(tmp_path), NOW)

    assert [file.name for file in files] == ["site.yaml", "accounts.yaml", ".gitignore"]
    assert made.site.site == "my-home"
    assert made.site.hosts == demo.site.hosts
    assert made.site.aliases == demo.site.aliases
    assert made.site.accounts.keys() == demo.site.accounts.keys()
    assert (directory / "accounts.yaml").read_text().count("enabled: true") == 1  # explained once, not per account


def test_what_a_new_inventory_leaves_out_can_be_switched_on(tmp_path: Path) -> None:
    """Each top-level key that init comments out is well-formed once the # is taken away."""
    init(tmp_path / "home")
    text = (tmp_path / "home" / "site.yaml").read_text()
    blocks = [part for part in text.split("\n\n") if part.splitlines()[-1].startswith("#")][1:]
    for block in blocks:
        lines = block.splitlines()
        start = next(index for index, line in enumerate(lines) if line[2:].split(":")[0].isidentifier())
        yaml.load("\n".join(line[2:] for line in lines[start:]), Loader=Plain)  # noqa: S506 - a SafeLoader

    assert len(blocks) == 8


def test_init_touches_nothing_that_is_there(tmp_path: Path) -> None:
    """A directory that holds anything is refused."""
    (tmp_path / "note").write_text("mine")

    with pytest.raises(InventoryError, match="is not an empty directory"):
        init(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["note"]


@pytest.mark.parametrize("name", ["demo", "example"])
@pytest.mark.parametrize("file", ["site.yaml", "accounts.yaml"])
def test_the_schema_accepts_what_ships(name: str, file: str) -> None:
    """An editor finds nothing wrong with the shipped files, each for itself."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.validate(said(SHIPPED / name / file), schema)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("hosts", "home", "portz"), {}),
        (("hosts", "home", "ports", "imapss"), 993),
        (("hosts", "home", "ports", "imaps"), 99999),
        (("tls",), {"ciphers": 5}),
        (("message_size_limit",), "50MB"),
        (("hosts", "Home"), {}),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(path: tuple[str, ...], value: object) -> None:
    """An editor underlines unknown keys and values of the wrong form."""
    site = said(SHIPPED / "demo" / "site.yaml")
    *above, last = path
    inner = site
    for key in above:
        inner = inner[key]
    inner[last] = value

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(site, json_schema())


def test_the_schema_describes_every_key() -> None:
    """Each property has a description of its own or of its type."""
    definitions = json_schema()["$defs"]
    bare = [
        (name, key)
        for name, definition in definitions.items()
        for key, value in definition["properties"].items()
        if "description" not in value and "description" not in definitions.get(str(value.get("$ref"))[8:], {})
    ]

    assert bare == []


def test_nothing_secret_ships() -> None:
    """The shipped inventories hold hashes and tags only."""
    for name in ("demo", "example"):
        for key, node in read(SHIPPED / name).entries:
            if key.value == "relay":
                assert [value.tag for inner, value in node.value if inner.value == "password"] == ["!env"]


def said(file: Path) -> Any:
    """Return what a YAML file says to an editor."""
    return yaml.load(file.read_text(), Loader=Plain)  # noqa: S506 - a SafeLoader
