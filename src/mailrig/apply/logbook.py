"""What a transaction writes down on its host while it holds the lock; decides nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from mailrig.apply import lock
from mailrig.apply.journal import Begun, Ended, Outcome, Step, as_json
from mailrig.engine.recorder import Gone, Recorder
from mailrig.errors import Locked
from mailrig.verify.report import Report


class Logbook:
    """The entries of one deploy or rollback at a time."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._key = ""
        self._verb = ""

    def begin(
        self,
        verb: str,
        release: str,
        *,
        previous: str | None,
        images: Mapping[str, str],
        causes: Iterable[str],
        commit: str | None = None,
        allowed_lockouts: tuple[str, ...] = (),
    ) -> None:
        """Write down what is about to begin; see Begun for the words."""
        self._key, self._verb = uuid.uuid4().hex[:8], verb
        begun = Begun(
            deploy=self._key,
            when=lock.now(),
            verb=verb,
            who=lock.user(),
            where=lock.ourselves(verb).where,
            release=release,
            previous=previous,
            commit=commit,
            images=dict(images),
            causes=tuple(causes),
            allowed_lockouts=allowed_lockouts,
        )
        self._recorder.record(as_json(begun))

    def step(self, subject: str, text: str) -> None:
        """Write down what is about to be done; raise Locked where that is not for us to do any more."""
        try:
            self._recorder.record(as_json(Step(deploy=self._key, when=lock.now(), subject=subject, text=text)))
        except Gone as error:
            raise Locked(
                f"the lock was taken away from this {self._verb}; it stopped before: {subject}: {text}",
                hint="`lock status` and `history` say who is at work; deploy again puts right what is half-done",
            ) from error

    def end(
        self, in_force: str | None, outcome: Outcome, report: Report | None = None, dropped: Iterable[str] = ()
    ) -> None:
        """Write down how it ended."""
        asked = report.results if report else ()
        ended = Ended(
            deploy=self._key,
            when=lock.now(),
            outcome=outcome,
            in_force=in_force,
            passed=tuple(result.name for result in asked if result.outcome == "passed"),
            failed=tuple(result.name for result in asked if result.outcome == "failed"),
            dropped=tuple(dropped),
        )
        self._recorder.record(as_json(ended))
