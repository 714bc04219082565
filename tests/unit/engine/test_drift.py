"""What somebody changed on a container, told from what an engine really answered (20.10, API 1.41)."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mailrig.engine import labels
from mailrig.engine.drift import drift

INSPECTED = json.loads((Path(__file__).parent / "inspected" / "dovecot.json").read_text())
IMAGE = INSPECTED["image"]
VOLUMES = ("dovecot_config", "postfix_spool", "mail_data", "dovecot_logs")
MODEL = {
    "networks": {"mail": {"name": "mailrig-t_mail"}},
    "volumes": {key: {"name": f"mailrig-t_{key}"} for key in VOLUMES},
}
MARKS = INSPECTED["container"]["Config"]["Labels"]
SPEC = json.loads(MARKS[labels.SPEC_JSON])
MADE_WITH = labels.container_labels("mailrig-t", "dovecot", MARKS[labels.SPEC], SPEC)


@pytest.fixture
def container() -> dict[str, Any]:
    """A container as an engine describes it just after a deploy."""
    return deepcopy(INSPECTED["container"])


def found(
    container: dict[str, Any],
    spec: dict[str, Any] = SPEC,
    model: dict[str, Any] = MODEL,
    image: dict[str, Any] | None = IMAGE,
) -> list[str]:
    """Return the drift of a container that was made from ``spec``."""
    return list(drift(spec, model, MADE_WITH, container, image))


@pytest.mark.parametrize("image", [IMAGE, None])
def test_container_as_it_was_made(container: dict[str, Any], image: dict[str, Any] | None) -> None:
    """What nobody touched has no drift, whether its image is known or not."""
    assert found(container, image=image) == []


def test_another_wording_of_the_engine_is_no_drift(container: dict[str, Any]) -> None:
    """What newer engines write otherwise, and what any of them may reorder or leave out, says the same."""
    host = container["HostConfig"]
    host["CapAdd"] = [f"CAP_{name}" for name in reversed(host["CapAdd"])]
    host["Binds"], host["Devices"] = None, []
    host["Tmpfs"]["/run"] = "noexec,nosuid,nodev,size=8m,mode=755"
    host["Mounts"] = [
        {**mount, "Consistency": "default", "BindOptions": {"Propagation": "rprivate"}} for mount in host["Mounts"]
    ]
    container["Config"]["Healthcheck"]["StartInterval"] = 0
    endpoint = container["NetworkSettings"]["Networks"]["mailrig-t_mail"]
    endpoint["Aliases"], endpoint["DNSNames"] = ["dovecot"], ["t-dovecot", "dovecot", "551b28061130"]
    endpoint["IPAMConfig"] = {}
    assert found(container) == []


def test_kernel_that_keeps_no_limits_is_no_drift(container: dict[str, Any]) -> None:
    """An engine discards limits that its kernel cannot keep: without memory or swap accounting, without pids."""
    container["HostConfig"]["MemorySwap"] = -1
    assert found(container) == []
    container["HostConfig"] |= {"Memory": 0, "PidsLimit": None}
    assert found(container) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Memory": 256 * 2**20}, "memory limit: 512m → 256m"),
        ({"Memory": 0, "MemorySwap": 0}, "memory limit: 512m → none"),
        ({"MemorySwap": 2**31}, "limit of memory and swap: 1g → 2g"),
        ({"NanoCpus": 500_000_000}, "CPU limit: 2 → 0.5"),
        ({"PidsLimit": 50}, "process limit: 500 → 50"),
        ({"PidsLimit": 0}, "process limit: 500 → none"),
        ({"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}}, "restart policy: unless-stopped → no"),
        (
            {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}},
            "restart policy: unless-stopped → on-failure:3",
        ),
        ({"CpuShares": 512}, "CPU shares: none → 512"),
        ({"CpusetCpus": "0"}, "CPUs that it may use: none → 0"),
        ({"Privileged": True}, "privileged: none → yes"),
        ({"ReadonlyRootfs": False}, "read-only root: yes → none"),
        ({"CapDrop": None}, "dropped capabilities: ALL → none"),
        ({"SecurityOpt": None}, "security options: no-new-privileges:true → none"),
        ({"NetworkMode": "host"}, "network mode: mailrig-t_mail → host"),
        ({"Dns": ["192.0.2.1"]}, 'HostConfig.Dns: none → ["192.0.2.1"]'),
    ],
)
def test_changed_setting_of_the_host(container: dict[str, Any], change: dict[str, Any], sentence: str) -> None:
    """A setting that `docker update` or another `docker run` gave is told with both values."""
    container["HostConfig"] |= change
    assert found(container) == [sentence]


def test_added_capability(container: dict[str, Any]) -> None:
    """A capability that was added is told among those that were there."""
    container["HostConfig"]["CapAdd"].append("CAP_SYS_ADMIN")
    [sentence] = found(container)
    assert sentence.endswith("→ CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID, SYS_ADMIN, SYS_CHROOT")


def test_changed_mounts(container: dict[str, Any]) -> None:
    """Another volume, a volume that can be written now, and one that is new are each told by their target."""
    mounts = {mount["Target"]: mount for mount in container["HostConfig"]["Mounts"]}
    mounts["/var/mail"]["Source"] = "other"
    mounts["/etc/mailrig"]["ReadOnly"] = False
    container["HostConfig"]["Binds"] = ["/srv:/srv:ro"]
    configuration = "volume mailrig-t_dovecot_config"
    assert found(container) == [
        f"mount /etc/mailrig: {configuration}, read-only, nocopy → {configuration}, nocopy",
        "mount /srv: none → bind /srv, read-only",
        "mount /var/mail: volume mailrig-t_mail_data, nocopy → volume other, nocopy",
    ]


def test_mount_by_the_short_flag_is_the_same_mount(container: dict[str, Any]) -> None:
    """`-v volume:target:ro,nocopy` mounts what our body mounts in more words."""
    host = container["HostConfig"]
    host["Mounts"] = [mount for mount in host["Mounts"] if mount["Target"] != "/etc/mailrig"]
    host["Binds"] = ["mailrig-t_dovecot_config:/etc/mailrig:ro,nocopy"]
    assert found(container) == []


def test_changed_ports(container: dict[str, Any]) -> None:
    """A port that is published elsewhere, and one that is not published any more, are told."""
    bindings = container["HostConfig"]["PortBindings"]
    bindings["993/tcp"][0]["HostIp"] = ""
    del bindings["143/tcp"]
    assert found(container) == [
        "port 143/tcp: 127.0.0.1:38569 → none",
        "port 993/tcp: 127.0.0.1:37779 → every address:37779",
    ]


def test_address_is_the_same_in_another_form(container: dict[str, Any]) -> None:
    """An IPv6 address in its long form is the same address."""
    spec = {**SPEC, "ports": [{"target": 993, "published": "993", "host_ip": "::1"}]}
    container["HostConfig"]["PortBindings"] = {"993/tcp": [{"HostIp": "0:0:0:0:0:0:0:1", "HostPort": "993"}]}
    assert found(container, spec) == []


def test_changed_labels(container: dict[str, Any]) -> None:
    """A label that was changed, taken away or added is told; what an image brings along is its own."""
    marks = container["Config"]["Labels"]
    marks["io.mailrig.site"] = "u"
    marks["com.example.team"] = "mail"
    del marks["io.mailrig.host"]
    changed = ["label io.mailrig.host: home → none", "label io.mailrig.site: t → u"]
    assert found(container) == ["label com.example.team: none → mail", *changed]
    assert found(container, image={**IMAGE, "Labels": {"com.example.team": "mail"}}) == changed
    assert found(container, image=None) == changed


def test_specification_in_the_label_is_not_compared_by_its_text(container: dict[str, Any]) -> None:
    """The specification's own label counts by its content, which has a hash: another spacing is no drift."""
    container["Config"]["Labels"][labels.SPEC_JSON] = json.dumps(SPEC, indent=1)
    assert found(container) == []


def test_changed_command_and_health_check(container: dict[str, Any]) -> None:
    """What runs, and how it is looked after, is compared with the specification and the image together."""
    config = container["Config"]
    config["Entrypoint"], config["Cmd"] = ["sleep"], ["600"]
    config["User"], config["StopTimeout"] = "vmail", 5
    config["Healthcheck"] = {**config["Healthcheck"], "Interval": 60 * 10**9}
    assert found(container) == [
        "command: none → 600",
        "entry point: /usr/local/sbin/mailrig-entrypoint → sleep",
        "health check, interval: 5s → 60s",
        "stop grace period: 30s → 5s",
        "user: none → vmail",
    ]


def test_entry_point_of_our_own_does_without_the_images_command(container: dict[str, Any]) -> None:
    """An engine drops the image's command when a specification sets the entry point, so there is none to miss."""
    container["Config"]["Entrypoint"] = ["/bin/other"]
    assert found(container, {**SPEC, "entrypoint": ["/bin/other"]}, image={**IMAGE, "Cmd": ["serve"]}) == []


def test_variable_is_told_by_its_fingerprint(container: dict[str, Any]) -> None:
    """A value in the environment may be a password, and is not shown."""
    container["Config"]["Env"].append("TOKEN=hunter2")
    [sentence] = found(container)
    assert sentence.startswith("environment variable TOKEN: none → <secret ")
    assert "hunter2" not in sentence


def test_attachments(container: dict[str, Any]) -> None:
    """A network that the container left, and one that it joined, are told."""
    networks = container["NetworkSettings"]["Networks"]
    networks["bridge"] = networks.pop("mailrig-t_mail")
    assert found(container) == [
        "connected to the network bridge by hand",
        "disconnected from the network mailrig-t_mail by hand",
    ]


def test_connected_again_without_alias_and_address(container: dict[str, Any]) -> None:
    """Taken off the network and put back in the plain way, a container lacks its name and its address there."""
    spec = deepcopy(SPEC)
    spec["networks"]["mail"]["ipv4_address"] = "172.31.250.30"
    endpoint = container["NetworkSettings"]["Networks"]["mailrig-t_mail"]
    endpoint["Aliases"], endpoint["IPAMConfig"] = ["551b28061130", "mail.example.test"], {}
    assert found(container, spec) == [
        "address on the network mailrig-t_mail: 172.31.250.30 → none",
        "aliases on the network mailrig-t_mail: dovecot → none",
    ]


def test_alias_that_is_also_the_host_name(container: dict[str, Any]) -> None:
    """An alias that we gave counts, though an engine adds the host's name by itself."""
    spec = {**deepcopy(SPEC), "hostname": "dovecot"}
    container["Config"]["Hostname"] = "dovecot"
    container["NetworkSettings"]["Networks"]["mailrig-t_mail"]["Aliases"] = ["dovecot", "551b28061130", "dovecot"]
    assert found(container, spec) == []


def test_what_the_release_does_not_know_any_more_is_passed_over(container: dict[str, Any]) -> None:
    """A network and a volume that left the model cannot be named, and so not be missed; all else is compared."""
    volumes = {key: volume for key, volume in MODEL["volumes"].items() if key != "dovecot_logs"}
    container["HostConfig"]["Memory"] = 2**30
    assert found(container, model={"networks": {}, "volumes": volumes}) == ["memory limit: 512m → 1g"]


def test_specification_of_another_mailrig(container: dict[str, Any]) -> None:
    """A key that this version cannot apply leaves nothing to compare with, and is no error."""
    container["HostConfig"]["Memory"] = 2**30
    assert found(container, {**SPEC, "gpus": "all"}) == []


def test_setting_without_a_word_of_its_own(container: dict[str, Any]) -> None:
    """A setting that has no wording is compared all the same, under the engine's name for it."""
    assert found(container, {**SPEC, "init": True}) == ["HostConfig.Init: yes → none"]
