r"""Log lines of real runs, each with the story that is told of them: one file a story in stories/.

A file says in its first lines what is asked; after each `--- host service` come lines of one of its log files, after
`===` what is told. `\xNN` in a line stands for that character. `MAILRIG_UPDATE_GOLDEN=1` writes anew what is told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailrig.trace.assembly import told
from mailrig.trace.data import refusal_data, story_data
from mailrig.trace.lines import Line, parsed
from mailrig.trace.pursuit import PASSES, Pursuit
from mailrig.trace.query import Needles, understood
from mailrig.trace.story import Told
from mailrig.trace.text import text

STORIES = {path.stem: path for path in sorted((Path(__file__).parent / "stories").glob("*.story"))}
WRITTEN = datetime(2026, 11, 28, 12, tzinfo=UTC)
NOTHING = "nothing is known of it"


@dataclass(frozen=True)
class LogFile:
    """A log file of a host."""

    host: str
    service: str
    written: datetime
    lines: list[str]


@dataclass
class Case:
    """What is asked of which logs, and what is to be told. ``passes`` counts how often they were searched."""

    path: Path
    head: dict[str, str]
    files: list[LogFile]
    expected: str
    passes: int = 0

    def look(self, needles: Needles, limit: int) -> Iterator[Line]:
        """Search as `grep -F` does, in the newest lines of each file."""
        self.passes += 1
        for file in self.files:
            if needles.since and file.written < needles.since:
                continue
            words = [word.lower() if needles.in_any_case else word for word in needles.of(file.service)]
            found = [
                (number, line)
                for number, line in enumerate(file.lines)
                if any(word in (line.lower() if needles.in_any_case else line) for word in words)
            ]
            yield from parsed(file.host, file.service, found[-limit:], file.written)

    def tell(self) -> Told:
        """Follow what is asked after."""
        query, most = understood(self.head["query"]), int(self.head.get("most", "20"))
        pursuit = Pursuit(query, most)
        events = pursuit.run(self.look)
        return told(query, events, most, left_out=pursuit.left_out)


def load(name: str) -> Case:
    """Read a case."""
    before, _, expected = STORIES[name].read_text().partition("\n===\n")
    head, *sections = re.split(r"^--- ", before, flags=re.MULTILINE)
    settings = dict(line.split(": ", 1) for line in head.strip().splitlines())
    return Case(STORIES[name], settings, [_file(section) for section in sections], expected.rstrip("\n"))


def _file(section: str) -> LogFile:
    first, *lines = section.rstrip("\n").split("\n")
    host, service, *written = first.split()
    raw = [re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), line) for line in lines]
    return LogFile(host, service, datetime.fromisoformat(written[0]) if written else WRITTEN, raw)


@pytest.mark.parametrize("name", STORIES)
def test_lines_become_a_story(name: str) -> None:
    """What is told is what the lines say, whatever else stands in them."""
    case = load(name)
    found = case.tell()
    said = text(found, {}) or NOTHING
    said += "\n(and more)" if found.more else ""
    if os.environ.get("MAILRIG_UPDATE_GOLDEN"):
        before = case.path.read_text().partition("\n===\n")[0].rstrip("\n")
        case.path.write_text(f"{before}\n===\n{said}\n")
    else:
        assert said == case.expected, case.head["says"]
    assert said.replace("\n", "").isprintable()
    assert case.passes <= PASSES + 1


@pytest.mark.parametrize("name", STORIES)
def test_story_is_data_too(name: str) -> None:
    """What is told in words is there as data, with the same outcomes."""
    found = load(name).tell()
    for story in found.stories:
        data = story_data(story)
        assert [one["words"] for one in data["outcomes"]] == [one.words for one in story.outcomes]
        assert len(data["queue_files"]) == len(story.legs)
    assert [refusal_data(one)["answer"] for one in found.refusals] == [one.rejected.answer for one in found.refusals]
