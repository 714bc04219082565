"""The page that people see: what stands in it, filled into its templates; must not know what programs ask."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup
from werkzeug import Request, Response

from mailrig.discovery import Settings
from mailrig.discovery.profile import certificates
from mailrig.discovery.site import Site
from mailrig.discovery.transfer import transfer
from mailrig.portal import guides
from mailrig.portal.address import Address, Fault, read_address
from mailrig.portal.code import drawing
from mailrig.portal.words import LANGUAGES, Words

_HERE = Path(__file__).parent
_STATUS = {Fault.MISSING: 200, Fault.INVALID: 400, Fault.FOREIGN: 404}
_REFUSALS = (400, 404, 405, 500)


class Page:
    """The set-up page in any language."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["static"] = _static_url

    def setup(self, request: Request, site: Site, words: Words) -> Response:
        """Return the page for whoever has typed an address, or not yet."""
        typed = request.args.get("address", "")
        address = read_address(typed, site.domains)
        values = {**self._common(site, words, typed), "typed": typed[:254], "fault": _fault(address)}
        if isinstance(address, Fault):
            return self._response("ask.html", _STATUS[address], words, values)
        values |= _told(site, address, request.user_agent.string, words)
        return self._response("guides.html", 200, words, values)

    def refusal(self, status: int, site: Site, words: Words) -> Response:
        """Return the page for what cannot be answered."""
        known = next((code for code in _REFUSALS if code == status), 500 if status >= 500 else 400)  # noqa: PLR2004
        values = {**self._common(site, words, ""), "name": f"refusal.{known}", "links": {}}
        return self._response("refusal.html", status, words, values)

    def _common(self, site: Site, words: Words, typed: str) -> dict[str, Any]:
        links = {tag: f"?{urlencode(_query(typed, tag))}" for tag in site.languages if tag in LANGUAGES}
        return {
            "say": words,
            "site": site,
            "example": words("form.example", domain=site.domains[0]),
            "links": {LANGUAGES[tag]: (tag, link) for tag, link in links.items()} if len(links) > 1 else {},
        }

    def _response(self, template: str, status: int, words: Words, values: Mapping[str, Any]) -> Response:
        text = self._templates.get_template(template).render(values)
        headers = {"Content-Language": words.language, "Vary": "Accept-Language, User-Agent"}
        return Response(text, status, headers, content_type="text/html; charset=utf-8")


def _query(typed: str, language: str) -> dict[str, str]:
    """Return the query of the same page in another language; what is no address at all is not carried along."""
    return {"address": typed[:254], "lang": language} if typed else {"lang": language}


def _fault(address: Address | Fault) -> str:
    """Return the name of what is wrong with what was typed, or nothing."""
    return f"fault.{address.value}" if address in {Fault.INVALID, Fault.FOREIGN} and isinstance(address, Fault) else ""


def _told(site: Site, address: Address, user_agent: str, words: Words) -> dict[str, Any]:
    """Return all that stands on the page for an address: the same for every one of the site's."""
    settings = site.settings(address.domain)
    told: dict[str, Any] = {"address": str(address), "settings": settings, "is_complete": settings.is_complete}
    if not settings.is_complete:
        return told
    profile = f"/setup/profile.mobileconfig?{urlencode({'address': str(address)})}"
    return told | {
        "likely": guides.likely(user_agent),
        "blocks": {name: guides.blocks(name, settings, str(address)) for name in guides.FIELDS},
        "ways": _ways(settings, words),
        "incoming": settings.incoming[0],
        "outgoing": settings.outgoing[0],
        "protocol": guides.protocol(settings.incoming[0]),
        "profile": profile,
        "profile_code": drawing(f"{site.origin}{profile}"),
        "thunderbird_code": drawing(transfer(settings, str(address))),
        "fingerprints": _fingerprints(site.authorities),
    }


def _ways(settings: Settings, words: Words) -> list[tuple[Markup, str, str, str]]:
    return [
        (words(f"other.{server.protocol}"), server.hostname, str(server.port), guides.security(server))
        for server in settings.servers
    ]


@cache
def _fingerprints(authorities: str) -> tuple[str, ...]:
    """Return the SHA-256 fingerprints of certificates, as other programs show them."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return tuple(one.fingerprint(SHA256()).hex(":").upper() for one in certificates(authorities))


@cache
def static_files() -> Mapping[str, bytes]:
    """Return the files that the page needs, by name."""
    return {path.name: path.read_bytes() for path in (_HERE / "static").iterdir() if path.is_file()}


@cache
def _static_url(name: str) -> str:
    """Return where a file is served; another content is another address, so that it may be kept for long."""
    return f"/setup/static/{name}?v={hashlib.sha256(static_files()[name]).hexdigest()[:12]}"
