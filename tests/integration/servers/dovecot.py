"""Dovecot of our image with any settings: one each, some at a time, in one container."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from matrix.setting import HOSTNAME, Setting
from sites import free_ports

from mailrig.clients import dovecot
from mailrig.plan.effective import settings_of
from servers.materials import FOLDER, container, materials, shared
from servers.trial import BATCH, Trial, wait_for

Batches = Iterator[list[Trial]]


@contextmanager
def dovecots(engine: docker.APIClient, settings: list[Setting], directory: Path) -> Iterator[Batches]:
    """Offer a Dovecot for each of the settings that it can be told; yields those that run, batch after batch."""
    told = [setting for setting in dict.fromkeys(settings) if setting.newest == "TLSv1.3" and setting.is_for("Dovecot")]
    files = shared(directory)
    with container(engine, "dovecot", files) as run:

        def batches() -> Iterator[list[Trial]]:
            for at in range(0, len(told), BATCH):
                trials = _trials(run, told[at : at + BATCH], files)
                run("".join(f"dovecot -c {FOLDER}/{trial.port}.conf\n" for trial in trials))
                for trial in trials:
                    wait_for(trial.port)
                yield trials
                run("".join(f"kill $(cat /run/trial-{trial.port}/master.pid)\n" for trial in trials))

        yield batches()


def _trials(run: Callable[[str], str], settings: list[Setting], files: dict[str, bytes]) -> list[Trial]:
    """Write configurations, and read what Dovecot makes of them; ports are chosen when they are needed, not before."""
    ports = dict(zip(settings, free_ports(len(settings)), strict=True))
    written = "".join(
        f"cat >{FOLDER}/{port}.conf <<'END'\n{_dovecot_conf(setting, port)}END\n" for setting, port in ports.items()
    )
    read = "".join(f"echo == {port}; doveconf -n -c {FOLDER}/{port}.conf\n" for port in ports.values())
    texts = dict(_headed(run(written + read)))
    effective = {setting: settings_of(f"== effective\n{texts[str(port)]}") for setting, port in ports.items()}
    lists = {list_ for one in effective.values() for list_ in dovecot.lists(one, HOSTNAME)}
    paths = {path for one in effective.values() for path in dovecot.paths(one, HOSTNAME)}
    known = materials(run, lists, paths, files)
    return [
        Trial("Dovecot", setting, dovecot.ports(one, known, HOSTNAME).ports["imaps"], ports[setting])
        for setting, one in effective.items()
    ]


def _headed(text: str) -> Iterator[tuple[str, str]]:
    """Split a text at its headings: ``== NAME``."""
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        name, _, below = part.partition("\n")
        yield name, below


def _dovecot_conf(setting: Setting, port: int) -> str:
    """Write a configuration that offers IMAPS on one port; whatever is not said is as Dovecot has it."""
    names = dict(zip(("", "alt_"), setting.names, strict=False))
    lines = [
        f"base_dir = /run/trial-{port}",
        f"state_dir = /run/trial-{port}/state",
        "protocols = imap",
        "listen = 127.0.0.1",
        f"log_path = {FOLDER}/{port}.log",
        "ssl = required",
        *(f"ssl_{kind}cert = <{FOLDER}/{name}.crt" for kind, name in names.items()),
        *(f"ssl_{kind}key = <{FOLDER}/{name}.key" for kind, name in names.items()),
        f"ssl_cipher_list = {setting.list}",
        f"ssl_min_protocol = {setting.oldest}",
        f"ssl_prefer_server_ciphers = {'yes' if setting.prefers_own_order else 'no'}",
        *([f"ssl_curve_list = {setting.curves}"] if setting.curves else []),
        *([f"ssl_dh = <{FOLDER}/dh{setting.dh_bits}.pem"] if setting.dh_bits else []),
        "passdb {\n  driver = static\n  args = nopassword=y\n}",
        "userdb {\n  driver = static\n  args = uid=vmail gid=vmail home=/tmp\n}",
        # The same process for every connection: a new one each takes ten times as long, and answers no differently.
        "service imap-login {",
        "  service_count = 0",
        "  process_limit = 1",
        "  inet_listener imap {\n    port = 0\n  }",
        f"  inet_listener imaps {{\n    port = {port}\n    ssl = yes\n  }}",
        "}",
        *setting.own,
    ]
    return "\n".join(lines) + "\n"
