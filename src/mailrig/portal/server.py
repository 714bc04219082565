"""The server in front of the application: waitress, with what a stranger may not do; must not know what is served."""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask
from werkzeug import Response

from mailrig.discovery.autodiscover import INVALID_REQUEST
from mailrig.portal.app import AUTODISCOVER, Portal
from mailrig.portal.documents import LARGEST_BODY, refused

# What is heard of a body: a refusal that comes before its end, many never see. The web server passes 100 kB.
_HEARD = 2**20

_SETTINGS: dict[str, Any] = {
    "threads": 8,
    "connection_limit": 500,
    "channel_timeout": 30,  # seconds in which nothing comes
    "max_request_header_size": 16 * 1024,
    "max_request_body_size": _HEARD,
    "clear_untrusted_proxy_headers": False,  # the application itself looks who says it
    "ident": None,
}


def server(portal: Portal, host: str, port: int) -> Any:
    """Return a server that is bound to its address and waits to be run."""
    made: Any = create_server(portal, host=host, port=port, **_SETTINGS)
    made.channel_class = _Channel
    return made


class _Refusal(ErrorTask):
    """What waitress answers where the application is not asked: a body too large, headers that are none."""

    def execute(self) -> None:
        """Say it in Autodiscover's own form to whoever speaks that."""
        request: Any = self.request
        if str(getattr(request, "path", "")).lower() == AUTODISCOVER:
            request.error = _Said(request.error)
        super().execute()


class _Said:
    def __init__(self, error: Any) -> None:
        self.code, self.reason = error.code, error.reason

    def to_response(self, _ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        response: Response = refused(self.code, INVALID_REQUEST, f"Invalid request: {self.reason}")
        return f"{self.code} {self.reason}", [("Content-Type", response.content_type)], response.get_data()


class _Body:
    """A body of which no more is kept than the application takes; how long it is, it says all the same."""

    def __init__(self, kept: Any) -> None:
        self._kept = kept
        self._length = 0

    def append(self, data: bytes) -> None:
        self._length += len(data)
        if self._length <= LARGEST_BODY:
            self._kept.append(data)

    def __len__(self) -> int:
        return self._length

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)


class _Parser(HTTPRequestParser):
    def parse_header(self, header_plus: bytes) -> None:
        """Read the header; a body then comes into what is bounded."""
        super().parse_header(header_plus)
        receiver: Any = self.body_rcv
        if receiver is None:
            self.expect_continue = (
                False  # waitress would wait for a body (forward_auth leaves the header, not the body)
            )
        else:
            receiver.buf = _Body(receiver.buf)


class _Channel(HTTPChannel):
    parser_class = _Parser
    error_task_class = _Refusal
