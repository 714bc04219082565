"""The WSGI application: which part answers what, in which language, and under which headers; starts no server."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.routing import Map, Rule

from mailrig.discovery.site import Site
from mailrig.portal import documents
from mailrig.portal.description import Description
from mailrig.portal.door import Door
from mailrig.portal.page import Page, static_files
from mailrig.portal.signer import Signer
from mailrig.portal.words import Words, choose

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

AUTODISCOVER = "/autodiscover/autodiscover.xml"

_LOG = logging.getLogger(__name__)

_GET = ("GET",)
_ROUTES = Map(
    [
        Rule("/setup", endpoint="page", methods=_GET),
        Rule("/setup/", endpoint="page", methods=_GET),
        Rule("/setup/profile.mobileconfig", endpoint="profile", methods=_GET),
        Rule("/setup/authority.crt", endpoint="authority", methods=_GET),
        Rule("/setup/static/<name>", endpoint="static", methods=_GET),
        Rule("/.well-known/autoconfig/mail/config-v1.1.xml", endpoint="autoconfig", methods=_GET),
        Rule("/mail/config-v1.1.xml", endpoint="autoconfig", methods=_GET),
        Rule("/.well-known/user-agent-configuration.json", endpoint="pacc", methods=_GET),
        Rule(AUTODISCOVER, endpoint="autodiscover"),
        Rule("/limit", endpoint="limit", methods=_GET),
        Rule("/health", endpoint="health", methods=_GET),
    ],
    strict_slashes=False,
    merge_slashes=False,
)

# Nothing but what is served here: no script or style in the page itself, no frame, no other site.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img")),
        *("base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"),
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the page's address holds the mail address
    "Cache-Control": "no-store",
}


class Portal:
    """Answers for one site."""

    def __init__(self, description: Description, signer: Signer, door: Door) -> None:
        self._description = description
        self._signer = signer
        self._door = door
        self._page = Page()
        self._parts: dict[str, Callable[[Request, Site], Response]] = {
            "page": lambda request, site: self._page.setup(request, site, _words(request, site)),
            "profile": self._profile,
            "authority": _authority,
            "autoconfig": documents.serve_autoconfig,
            "pacc": documents.serve_pacc,
            "autodiscover": documents.serve_autodiscover,
            "limit": self._limit,
            "health": lambda _, site: Response(f"serves {site.hostname}\n"),
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        request = Request(environ)
        response = self._answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        site = self._description.site()
        try:
            return self._routed(request, site)
        except HTTPException as error:
            return self._refused(request, site, error)
        except Exception:  # noqa: BLE001 - a stranger is shown no traceback, whatever it is
            _LOG.exception("cannot answer %s %s", request.method, request.path)
            return self._refused(request, site, InternalServerError())

    def _routed(self, request: Request, site: Site) -> Response:
        # Outlook writes the path as /Autodiscover/Autodiscover.xml, or otherwise.
        path = AUTODISCOVER if request.path.lower() == AUTODISCOVER else request.path
        endpoint, values = _ROUTES.bind("").match(path, request.method)
        return _static(**values) if endpoint == "static" else self._parts[endpoint](request, site)

    def _refused(self, request: Request, site: Site, error: HTTPException) -> Response:
        response = self._page.refusal(error.code or 500, site, _words(request, site))
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    def _profile(self, request: Request, site: Site) -> Response:
        return documents.serve_profile(request, site, self._signer, _words(request, site).language)

    def _limit(self, request: Request, site: Site) -> Response:
        seconds = self._door.wait(request.remote_addr or "", request.headers)
        if not seconds:
            return Response(status=204)
        said = _words(request, site).plain("refusal.limit", seconds=seconds)
        return Response(f"{said}\n", 429, {"Retry-After": str(seconds)}, content_type="text/plain; charset=utf-8")


def _words(request: Request, site: Site) -> Words:
    return Words(choose(site.languages, request.args.get("lang", ""), request.accept_languages))


def _static(name: str) -> Response:
    """Return one of the files that the page needs; what is not in the list is nowhere, whatever its name."""
    content = static_files().get(name)
    if content is None:
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, mimetype=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _authority(_: Request, site: Site) -> Response:
    if not site.authorities:
        raise NotFound
    disposition = f'attachment; filename="{site.hostname}-ca.crt"'
    headers = {"Content-Disposition": disposition}
    return Response(site.authorities, content_type="application/x-x509-ca-cert", headers=headers)


def portal(site: Path, signer: Path | None = None, door: Door | None = None) -> Portal:
    """Return the application for the site that a file describes; ``signer`` has its key pair."""
    return Portal(Description(site), Signer(signer), door or Door())
