"""Postfix of our image with any settings: one, in one container, with a service for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from matrix.setting import Setting
from sites import free_ports

from mailrig.clients import offered, postfix
from mailrig.plan.effective import settings_of
from servers.materials import FOLDER, container, materials, shared
from servers.trial import Trial, wait_for

NO_TLS = offered.broken("it offers no TLS")


@contextmanager
def postfixes(engine: docker.APIClient, settings: list[Setting], directory: Path) -> Iterator[list[Trial]]:
    """Run one Postfix with a service for each of the settings: its own settings stand in master.cf."""
    told = [setting for setting in dict.fromkeys(settings) if setting.is_for("Postfix")]
    ports = dict(zip(told, free_ports(len(told)), strict=True))
    files = shared(directory)
    with container(engine, "postfix", {**files, "setup": _postfix_setup(ports).encode()}) as run:
        printed = run(_POSTFIX)
        flat = settings_of(printed)
        each = {setting: _alone(flat, f"127.0.0.1:{port}/inet", setting.port) for setting, port in ports.items()}
        lists = {list_ for one in each.values() for list_ in postfix.lists(one)}
        paths = {path for one in each.values() for path in postfix.paths(one) if not path.endswith(".key")}
        known = materials(run, lists, paths, files)
        for port in ports.values():
            wait_for(port)
        servers = {setting: postfix.ports(one, known).ports.get(setting.port, NO_TLS) for setting, one in each.items()}
        yield [
            Trial("Postfix", setting, server, ports[setting], is_upgraded=setting.port == "submission")
            for setting, server in servers.items()
        ]
        run("postfix stop")


# In the image /etc/postfix is empty, and filled as a container starts.
_POSTFIX = f"""
cp -a /usr/share/mailrig/postfix/. /etc/postfix
postconf -e 'compatibility_level = 3.6' 'maillog_file = /var/log/trial.log' 'smtpd_relay_restrictions = reject' \\
    'inet_interfaces = loopback-only' 'inet_protocols = ipv4' 'alias_maps =' 'max_idle = 2s'
postconf -MX smtp/inet || true
bash -eu {FOLDER}/setup
chown postfix: /var/lib/postfix
postfix start >/dev/null
echo '== main'; postconf -n
echo '== master'; postconf -M
echo '== services'; postconf -P
"""


def _postfix_setup(ports: dict[Setting, int]) -> str:
    """Write a script that makes the services and their settings."""
    services = {f"127.0.0.1:{port}": _postfix_options(setting) for setting, port in ports.items()}
    made = [f"'{name}/inet={name} inet n - n - - smtpd'" for name in services]
    told = [f"'{name}/inet/{option}={value}'" for name, all_ in services.items() for option, value in all_.items()]
    return f"postconf -M {' '.join(made)}\npostconf -P {' '.join(told)}\n"


def _postfix_options(setting: Setting) -> dict[str, str]:
    chain = [f"{FOLDER}/{name}.{kind}" for name in setting.names for kind in ("key", "crt")]
    options = {
        "smtpd_tls_wrappermode": "yes",
        "smtpd_tls_security_level": "encrypt",
        "smtpd_tls_mandatory_protocols": f">={setting.oldest},<={setting.newest}",
        "smtpd_tls_mandatory_ciphers": "high",
        "tls_high_cipherlist": setting.list,
        "tls_preempt_cipherlist": "yes" if setting.prefers_own_order else "no",
        "smtpd_tls_chain_files": ",".join(chain),
        "smtpd_peername_lookup": "no",
        "smtpd_client_connection_count_limit": "0",
    }
    if setting.curves:
        options["tls_eecdh_auto_curves"] = setting.curves.replace(":", ",")
    if setting.dh_bits:
        options["smtpd_tls_dh1024_param_file"] = f"{FOLDER}/dh{setting.dh_bits}.pem"
    return {**options, **dict(line.split("=", 1) for line in setting.own)}


def _alone(flat: dict[str, str], service: str, name: str) -> dict[str, str]:
    """Return the settings of one service alone, under the name that such a one has on a real site."""
    others = {key: value for key, value in flat.items() if not key.startswith("127.0.0.1:")}
    own = {key.replace(service, f"{name}/inet"): value for key, value in flat.items() if key.startswith(service)}
    return {**others, **own}
