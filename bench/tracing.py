"""How long `mailrig trace` takes on 1 GB of logs: rotated and packed as logrotate leaves them, two hosts' worth."""

from __future__ import annotations

import argparse
import gzip
import io
import os
import platform
import random
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lab import Lab, aligned, end_like_ctrl_c, keep
from run import timed

HERE = Path(__file__).parent
ROUNDS = 3
GIGABYTE = 10**9
GOAL_S = 15
FILES = 9  # of each log: the one in use, and `rotate 8`
WEEKS = timedelta(weeks=8)
PEOPLE = tuple(f"person-{number}@bench.test" for number in range(40))
# Of base64 to the letters of a long queue id.
DIGITS = str.maketrans("AEIOUaeiou+/", "BCDFGbcdfg00")
BASE64 = None

TLS = "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA"

Said = tuple[int, str, str]
"""Milliseconds after the message came, the host, and the line from the program's name on."""


class Traffic:
    """Made-up messages that come to a gateway, are handed over to home, and are stored there."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # no secret: the same logs each time

    def message(self, number: int, time: datetime) -> tuple[list[str], list[str]]:
        """Return what Postfix, on both hosts, and Dovecot write of one message; each fourth is answered."""
        pick = self._random
        session, person = self._word(BASE64, 22), pick.choice(PEOPLE)
        sender, process = f"sender-{pick.randrange(20_000)}@example.net", pick.randrange(100, 30_000)
        message_id = f"<{number}.{self._word(DIGITS, 12)}@example.net>"
        postfix = self._accepted(process, message_id, sender, person, session)
        if number % 4 == 0:
            postfix += self._answered(process, message_id, person, sender)
        stamped = [
            f"{(time + timedelta(milliseconds=after)).isoformat(timespec='microseconds')} {host} postfix/{text}"
            for after, host, text in postfix
        ]
        return stamped, self._stored(f"{time:%Y-%m-%d %H:%M:%S}", process, message_id, person, session)

    def _accepted(self, process: int, message_id: str, sender: str, person: str, session: str) -> list[Said]:
        queue, size = self._word(DIGITS, 15), self._random.randrange(2000, 90_000)
        address = f"192.0.2.{self._random.randrange(256)}"
        client = f"mail-{self._random.randrange(5000)}.example.net[{address}]"
        smtpd, delays = f"smtpd[{process}]", "delay=0.3, delays=0.1/0/0.1/0.1, dsn=2.0.0"
        relay = "relay=100.64.0.2[100.64.0.2]:2525"
        counts = "ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7"
        saved = f"status=sent (250 2.0.0 <{person}> {session} Saved)"
        return [
            (0, "mx", f"postscreen[77]: CONNECT from [{address}]:{process} to [192.0.2.1]:25"),
            (0, "mx", f"postscreen[77]: PASS OLD [{address}]:{process}"),
            (1, "mx", f"{smtpd}: connect from {client}"),
            (40, "mx", f"{smtpd}: Anonymous TLS connection established from {client}: {TLS}"),
            (90, "mx", f"{smtpd}: {queue}: client={client}"),
            (95, "mx", f"cleanup[{process + 1}]: {queue}: message-id={message_id}"),
            (99, "mx", f"qmgr[80]: {queue}: from=<{sender}>, size={size}, nrcpt=1 (queue active)"),
            (150, "mx", f"{smtpd}: disconnect from {client} {counts}"),
            (300, "mx", f"lmtp[{process + 2}]: {queue}: to=<{person}>, {relay}, {delays}, {saved}"),
            (301, "mx", f"qmgr[80]: {queue}: removed"),
        ]

    def _answered(self, process: int, message_id: str, person: str, recipient: str) -> list[Said]:
        queue, there = self._word(DIGITS, 15), self._word(DIGITS, 15)
        relay = "relay=mx.example.net[198.51.100.9]:25, delay=0.5, delays=0.1/0/0.3/0.1, dsn=2.0.0"
        login = f"client=unknown[172.18.0.1], sasl_method=PLAIN, sasl_username={person}"
        sent = f"status=sent (250 2.0.0 Ok: queued as {there})"
        return [
            (400, "mail", f"submission/smtpd[{process}]: {queue}: {login}"),
            (401, "mail", f"cleanup[{process + 1}]: {queue}: message-id=<re-{message_id[1:]}"),
            (402, "mail", f"qmgr[80]: {queue}: from=<{person}>, size=4711, nrcpt=1 (queue active)"),
            (900, "mail", f"smtp[{process + 2}]: {queue}: to=<{recipient}>, {relay}, {sent}"),
            (901, "mail", f"qmgr[80]: {queue}: removed"),
        ]

    def _stored(self, stamp: str, process: int, message_id: str, person: str, session: str) -> list[str]:
        lmtp = f"lmtp({person})<{process}><{session}>: Info: sieve: msgid={message_id}"
        client = f"rip=100.64.0.{self._random.randrange(256)}, lip=172.18.0.2, mpid={process}, TLS"
        login = f"imap-login: Info: Login: user=<{person}>, method=PLAIN, {client}"
        return [
            f"{stamp} lmtp({process}): Info: Connect from 100.64.0.1",
            f"{stamp} {lmtp}: stored mail into mailbox 'INBOX'",
            f"{stamp} lmtp({process}): Info: Disconnect from 100.64.0.1: Logged out (state=READY)",
            *(f"{stamp} {login}, session=<{self._word(BASE64, 16)}>" for _ in range(2)),
        ]

    def _word(self, letters: dict[int, int] | None, length: int) -> str:
        word = b64encode(self._random.randbytes(length)).decode()[:length]
        return word.translate(letters) if letters else word


def written(size: int, now: datetime) -> Iterator[tuple[int, datetime, bytes, bytes]]:
    """Yield age, time of the last line, and content of each rotation of mail.log and of dovecot-info.log."""
    traffic, number = Traffic(1), 0
    for age in reversed(range(FILES)):
        begin, end = now - WEEKS * (age + 1) / FILES, now - WEEKS * age / FILES
        postfix: list[str] = []
        dovecot: list[str] = []
        filled = 0
        while filled < size // FILES:
            time = begin + (end - begin) * (filled / (size / FILES))
            number += 1
            lines = traffic.message(number, time)
            postfix += lines[0]
            dovecot += lines[1]
            filled += sum(len(line) + 1 for part in lines for line in part)
        yield age, end, *("\n".join([*lines, ""]).encode() for lines in (postfix, dovecot))


def fill(lab: Lab, size: int) -> dict[str, Any]:
    """Put logs into the containers; return what they hold, and what to ask after."""
    asked: dict[str, str] = {}
    bytes_of = {"postfix": 0, "dovecot": 0}
    packed = 0
    for age, end, postfix, dovecot in written(size, datetime.now(UTC)):
        for service, name, content in (("postfix", "mail.log", postfix), ("dovecot", "dovecot-info.log", dovecot)):
            bytes_of[service] += len(content)
            path = name if age == 0 else f"{name}.{age}" if age == 1 else f"{name}.{age}.gz"
            stored = gzip.compress(content, 6) if path.endswith(".gz") else content
            packed += len(stored)
            put(lab, service, path, stored, end)
        if age in (FILES - 1, FILES // 2, 0):
            found = [line for line in postfix.decode().splitlines() if "message-id=<" in line][-5]
            words = found.split()
            asked[f"message id, {age} rotations ago"] = words[-1].removeprefix("message-id=")
            asked[f"queue id, {age} rotations ago"] = words[3].removesuffix(":")
    asked |= {
        "address": PEOPLE[7],
        "unknown id": "<not-there@example.net>",
        "unknown address": "nobody@nowhere.example",
    }
    sizes = {
        "unpacked_mb": {name: round(count / 1e6) for name, count in bytes_of.items()},
        "on_disk_mb": round(packed / 1e6),
    }
    return {"asked": asked, **sizes}


def put(lab: Lab, service: str, path: str, content: bytes, written_at: datetime) -> None:
    """Put a file into a service's log volume, with its time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(path)
        entry.size, entry.mode, entry.mtime = len(content), 0o640, int(written_at.timestamp())
        archive.addfile(entry, io.BytesIO(content))
    lab.engine.put_archive(lab.container(service), "/var/log", buffer.getvalue())


def measure(lab: Lab, size: int) -> dict[str, Any]:
    """Deploy, fill the logs, and ask."""
    lab.mailrig("deploy")
    held = fill(lab, size)
    asked: dict[str, str] = held.pop("asked")
    figures = {}
    for what, word in asked.items():
        print(f"{what} …", file=sys.stderr)
        figures[what] = ask(lab, word, expected=1 if what.startswith("unknown") else 0)
    return {
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}",
        **held,
        "trace_s": figures,
        "goal_s": GOAL_S,
    }


def ask(lab: Lab, word: str, expected: int) -> dict[str, float]:
    """Return how long it takes to trace something, as a whole process."""

    def trace() -> None:
        done = subprocess.run(lab.command("trace", word, "--json"), capture_output=True, text=True, check=False)
        if done.returncode != expected:
            sys.exit(f"trace {word} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr}")

    return timed(trace, ROUNDS)


def table(figures: dict[str, Any]) -> str:
    """Return the figures for a person."""
    rows = [("", "seconds")]
    rows += [(what, f"{part['median']} ({part['min']}-{part['max']})") for what, part in figures["trace_s"].items()]
    return "\n".join([f"{figures['when']}, {figures['machine']}", *aligned(rows)])


def main() -> int:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=GIGABYTE, help="bytes of all logs, unpacked")
    parser.add_argument("--out", type=Path, default=HERE / "tracing.json")
    options = parser.parse_args()
    end_like_ctrl_c()
    with tempfile.TemporaryDirectory() as scratch:
        lab = Lab(Path(scratch), PEOPLE)
        try:
            figures = measure(lab, options.size)
        finally:
            lab.clean()
    keep(options.out, figures)
    print(table(figures))
    return 0 if all(part["max"] < GOAL_S for part in figures["trace_s"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
