"""What a reader sees of the configuration while releases come into force."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime

from sites import Site, exec_in

from mailrig.engine.connection import connect
from mailrig.engine.workshop import Workshop
from mailrig.inventory import State, load
from mailrig.render import render
from mailrig.render.release import File, Release, Rung, Service

SWITCHES = 200

# Reads both files as they are at one moment (cd follows the link once), again and again, and says what is wrong.
READER = """
until [ -e /tmp/begun ]; do sleep 0.01; done
reads=0
while [ ! -e /tmp/enough ] && [ $SECONDS -lt 500 ]; do
    cd /etc/mailrig/current || { echo "no release"; continue; }
    one=$(cat one 2>&1); two=$(cat two 2>&1)
    [ ${#one} = 20000 ] || echo "missing or short: ${one:0:80}"
    [ "$one" = "$two" ] || echo "mixed: ${one:0:1} ${two:0:1}"
    [ -s /etc/mailrig/current/one ] || echo "gone or empty"
    reads=$((reads + 1))
done
echo "read $reads times" >&2
"""


def variant(service: Service, letter: str) -> Service:
    """Return a service whose two files say the same."""
    content = (letter * 20000).encode()
    return replace(service, files=tuple(File(path, content, "", 0o644, 0, 0, Rung.NOTHING) for path in ("one", "two")))


def rendered(site: Site) -> Release:
    """Render the site's inventory here."""
    return render(load(site.directory, State(site.directory), datetime.now(UTC)), "home")


def test_no_reader_sees_a_file_missing_empty_or_mixed(site: Site) -> None:
    """During 200 switches between two releases, every reading finds the two files whole, and of one release."""
    release = rendered(site)
    dovecot = next(service for service in release.services if service.name == "dovecot")
    engine = connect("unix:///var/run/docker.sock")
    volumes = [volume["name"] for volume in release.model["volumes"].values()]
    workshops = [Workshop(engine, release, variant(dovecot, letter), volumes=volumes) for letter in "ab"]
    command = ["docker", "exec", site.container("dovecot"), "bash", "-c", READER]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        workshops[0].switch()
        exec_in(site, "dovecot", "touch", "/tmp/begun")
        for number in range(SWITCHES):
            workshops[(number + 1) % 2].switch()
    finally:
        exec_in(site, "dovecot", "touch", "/tmp/enough")
        found, said = reader.communicate()
        for workshop in workshops:
            workshop.close()
    assert found == ""
    assert int(said.split()[1]) > SWITCHES, said
    site.ok("deploy")
