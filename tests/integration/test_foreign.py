"""What is not ours is never touched, and named when it is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import docker
import pytest
from sites import Site
from testcontainers.core.container import DockerContainer

from mailrig.apply.images import image_to_run
from mailrig.engine.connection import connect


@pytest.fixture
def bystander(site: Site, engine: docker.APIClient) -> Iterator[Callable[[str], DockerContainer]]:
    """Starts foreign containers from an image that is there anyway: another mail container's."""
    image = engine.inspect_container(site.container("dovecot"))["Config"]["Image"]
    started: list[DockerContainer] = []

    def start(name: str) -> DockerContainer:
        container = DockerContainer(image).with_name(name).with_kwargs(entrypoint=["sleep", "600"])
        started.append(container.start())
        return container

    yield start
    for container in started:
        container.stop()


def test_foreign_container_of_our_name_survives(
    new_site: Callable[..., Site], bystander: Callable[[str], DockerContainer], engine: docker.APIClient
) -> None:
    """A container that holds our name is named in the error, keeps running, and nothing is deployed."""
    newcomer = new_site()
    foreign = bystander(newcomer.container("dovecot"))
    done = newcomer.run("deploy")
    assert done.returncode == 1
    assert f"container `{newcomer.container('dovecot')}` is taken" in done.stderr
    assert "mailrig did not make it" in done.stderr
    assert engine.inspect_container(foreign.get_wrapped_container().id)["State"]["Running"]
    assert nothing_of(newcomer, engine)


def test_all_that_is_in_the_way_is_named_at_once(
    site: Site, new_site: Callable[..., Site], engine: docker.APIClient
) -> None:
    """Taken ports and taken names, of another site of ours as well, come in one error."""
    newcomer = new_site()
    newcomer.settings["container_prefix"] = site.settings["container_prefix"]
    newcomer.host["ports"]["imaps"] = site.port("imaps")
    newcomer.write()
    done = newcomer.run("deploy")
    assert done.returncode == 1
    assert f"container `{site.container('dovecot')}` is taken" in done.stderr
    assert f"container `{site.container('postfix')}` is taken" in done.stderr
    assert f"port `127.0.0.1:{site.port('imaps')}` is taken" in done.stderr
    assert f"the mailrig site `{site.name}`" in done.stderr
    assert nothing_of(newcomer, engine)


def test_no_verb_reaches_a_foreign_container_behind_a_changed_prefix(
    new_site: Callable[..., Site], bystander: Callable[[str], DockerContainer], engine: docker.APIClient
) -> None:
    """`restart` and `logs` go by label: a container that only has the name is neither restarted nor read."""
    changed = new_site()
    changed.ok("deploy")
    changed.settings["container_prefix"] = f"{changed.name}x"
    changed.write()
    foreign = bystander(changed.container("dovecot")).get_wrapped_container().id
    before = engine.inspect_container(foreign)["State"]["StartedAt"]
    for words in (("restart", "dovecot"), ("logs", "dovecot"), ("logs", "dovecot", "-f")):
        done = changed.run(*words)
        assert done.returncode == 1
        assert f"is deployed as `{changed.name}-dovecot`" in done.stderr
        assert "Traceback" not in done.stderr
    assert engine.inspect_container(foreign)["State"]["StartedAt"] == before


def test_guest_on_our_network_stops_nothing(new_site: Callable[..., Site], engine: docker.APIClient) -> None:
    """A foreign container on a network that must be made anew, or taken down, is named while mail is still served."""
    visited = new_site()
    visited.ok("deploy")
    network = f"mailrig-{visited.name}_mail"
    image = engine.inspect_container(visited.container("dovecot"))["Config"]["Image"]
    guest = DockerContainer(image).with_name(f"guest-{visited.name}").with_kwargs(entrypoint=["sleep", "600"]).start()
    try:
        engine.connect_container_to_network(guest.get_wrapped_container().id, network)
        visited.host["network"] = {"subnet": "10.213.242.0/24"}
        visited.write()
        for verb in ("deploy", "down"):
            done = visited.run(verb)
            assert done.returncode == 1
            assert f"docker network disconnect {network} guest-{visited.name}" in done.stderr
            assert visited.subjects() == []
    finally:
        guest.stop()


@pytest.mark.parametrize("ending", [".old", ".failed", ".next"])
def test_foreign_container_with_a_name_of_ours_aside_is_kept(
    new_site: Callable[..., Site], engine: docker.APIClient, ending: str
) -> None:
    """What people renamed before they came to us is named as being in the way, and not removed."""
    newcomer = new_site()
    image = image_to_run(connect("unix:///var/run/docker.sock"))
    name = f"{newcomer.container('dovecot')}{ending}"
    with DockerContainer(image).with_name(name).with_kwargs(entrypoint=["sleep", "600"]) as foreign:
        done = newcomer.run("deploy")
        assert done.returncode == 1
        assert f"container `{name}` is taken" in done.stderr
        assert engine.inspect_container(foreign.get_wrapped_container().id)["State"]["Running"]


def test_foreign_volume_is_not_used(new_site: Callable[..., Site], engine: docker.APIClient) -> None:
    """A volume of our name that we did not make is left alone."""
    newcomer = new_site()
    name = f"mailrig-{newcomer.name}_mail_data"
    engine.create_volume(name)
    try:
        done = newcomer.run("deploy")
        assert done.returncode == 1
        assert f"volume `{name}` is taken" in done.stderr
        assert nothing_of(newcomer, engine)
    finally:
        engine.remove_volume(name)


def test_overlapping_network_is_named(new_site: Callable[..., Site], engine: docker.APIClient) -> None:
    """A network that overlaps our subnet is named, rather than Docker's `Pool overlaps`."""
    newcomer = new_site(network={"subnet": "10.213.244.0/24"})
    pool = docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet="10.213.244.0/25")])
    network = engine.create_network(f"foreign-{newcomer.name}", ipam=pool)
    try:
        done = newcomer.run("deploy")
        assert done.returncode == 1
        assert "its subnet 10.213.244.0/25 overlaps ours" in done.stderr
        assert nothing_of(newcomer, engine)
    finally:
        engine.remove_network(network["Id"])


def test_wrong_inventory_deploys_nothing(new_site: Callable[..., Site], engine: docker.APIClient) -> None:
    """An inventory with mistakes is refused with all of them, before anything is made."""
    newcomer = new_site()
    newcomer.settings["hosts"]["home"]["prots"] = {}
    newcomer.accounts["aliases"]["info@example.test"] = "nobody@example.test"
    newcomer.write()
    done = newcomer.run("deploy")
    assert done.returncode == 1
    assert "did you mean `ports`?" in done.stderr
    assert "nobody@example.test" in done.stderr
    assert nothing_of(newcomer, engine)
    assert not (newcomer.directory / ".state").exists()


def nothing_of(site: Site, engine: docker.APIClient) -> bool:
    """Whether the engine has no container, network or volume of a site."""
    ours = {"label": [f"io.mailrig.site={site.name}"]}
    return not (
        engine.containers(all=True, filters=ours)
        or engine.networks(filters=ours)
        or engine.volumes(filters=ours)["Volumes"]
    )
