"""Somebody who uses a site's pages without a browser: requests with cookies, forms that are filled in and sent."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from sites import Site

HOST = "mail.example.test"


@dataclass(frozen=True)
class Page:
    """An answer: its status, its headers by their names in lower case, and its text."""

    status: int
    headers: Mapping[str, str]
    text: str

    def form(self, name: str) -> dict[str, str]:
        """Return what the fields of the form called ``name`` hold before anybody fills them in."""
        reader = _FormReader(name)
        reader.feed(self.text)
        return reader.fields

    def setting(self, name: str) -> str:
        """Return a text that Roundcube hands to its scripts."""
        found = re.search(rf'"{name}":"?([^",}}]*)', self.text)
        assert found, self.text[:2000]
        return found[1]


@dataclass
class Visitor:
    """One visitor's cookies, and the way to the site: through its published port unless another is given."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    way: tuple[str, int] | None = None

    def get(self, path: str) -> Page:
        """Fetch a page, and what it leads to."""
        page = self._ask("GET", path)
        while page.status in (301, 302, 303, 307, 308):
            path = urljoin(path, urlsplit(page.headers["location"])._replace(scheme="", netloc="").geturl())
            page = self._ask("GET", path)
        return page

    def post(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def log_in(self, address: str, password: str | None = None) -> Page:
        """Log in to Roundcube, with the account's own password unless another is given."""
        fields = self.get("/").form("login-form")
        fields |= {"_user": address, "_pass": password or self.site.password(address)}
        return self.post("/?_task=login", fields)

    def _ask(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {"Host": f"{HOST}:{self.site.port('https')}", "User-Agent": "mailrig-test", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection(HOST, timeout=30)) as connection:
            connection.sock = self.connect()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
            text = answer.read().decode(errors="replace")
            return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def connect(self) -> ssl.SSLSocket:
        """Shake hands with the site."""
        plain = socket.create_connection(self.way or ("127.0.0.1", self.site.port("https")), timeout=30)
        return self.site.trusting().wrap_socket(plain, server_hostname=HOST)


class _FormReader(HTMLParser):
    """Collects the fields of one form, with what they hold."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._name = name
        self._is_within = False
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up a field."""
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._is_within = self._name in (values.get("name"), values.get("id"))
        if not self._is_within or "disabled" in values:
            return
        match tag, values.get("type", ""):
            case "input", ("checkbox" | "radio") if "checked" not in values:
                pass
            case "input", kind if kind not in ("submit", "button", "file") and "name" in values:
                self.fields[values["name"]] = values.get("value", "")
            case "select", _:
                self._select = values.get("name", "")
            case "option", _ if self._select and ("selected" in values or self._select not in self.fields):
                self.fields[self._select] = values.get("value", "")
            case "textarea", _:
                self._text = values.get("name", "")
                self.fields[self._text] = ""

    def handle_data(self, data: str) -> None:
        """Take up what stands in a text field."""
        if self._text:
            self.fields[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        """Let go of a field."""
        if tag == "form":
            self._is_within = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
