"""Jinja2 as we use it: strict, and with secrets and line breaks under guard; knows no template's content."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

from mailrig.errors import RenderError
from mailrig.render.php import php_literal
from mailrig.resources import resource
from mailrig.secret import Secret

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_TOKEN = re.compile("\x00([0-9]+)\x00")


class Block(str):
    """Text of several lines that may stand in a file as it is: the user's own settings."""

    __slots__ = ()


@dataclass(frozen=True)
class Text:
    """A rendered text, and what people get to see of it."""

    content: str
    shown: str


class Templates:
    """The templates that ship with mailrig.

    A value must not break out of its line: a line break in a relay's user name would be a line of main.cf. A secret
    is set in as a token at first, so that one rendering gives both the content and what may be shown.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or resource("templates")
        self._secrets: list[Secret] = []
        self._documents: dict[str, Any] = {}
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.root),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # noqa: S701 - configuration files, not HTML
            finalize=self._finalize,
        )
        self._environment.filters["yaml"] = yaml_scalar
        self._environment.filters["php"] = php_literal

    def has(self, name: str) -> bool:
        """Whether there is a template ``name``, relative to the templates' folder."""
        return (self.root / name).is_file()

    def render(self, name: str, values: Mapping[str, Any]) -> Text:
        """Render the template ``name``, relative to the templates' folder."""
        self._secrets.clear()
        try:
            text = self._environment.get_template(name).render(values)
        except (jinja2.TemplateError, RenderError) as error:
            raise RenderError(f"templates/{name}: {error_text(error)}") from error
        return Text(
            content=_TOKEN.sub(lambda match: self._secrets[int(match[1])].reveal(), text),
            shown=_TOKEN.sub(lambda match: str(self._secrets[int(match[1])]), text),
        )

    def document(self, name: str) -> Any:
        """Return a YAML file that lies among the templates, parsed; the same one each time."""
        if name not in self._documents:
            self._documents[name] = parse_yaml((self.root / name).read_text())
        return self._documents[name]

    def _finalize(self, value: Any) -> str:
        if isinstance(value, Secret):
            single_line(value.reveal(), shown=str(value))
            self._secrets.append(value)
            return f"\x00{len(self._secrets) - 1}\x00"
        if isinstance(value, Block):
            return value
        if value is None:
            raise RenderError("a value is missing")
        if isinstance(value, bool):
            return "yes" if value else "no"
        return single_line(str(value))


def single_line(text: str, shown: str | None = None) -> str:
    """Return ``text``, or refuse it when it holds a line break or another control character."""
    if _CONTROL.search(text):
        raise RenderError(f"a value holds a line break or a control character: {shown or ascii(text)}")
    return text


def yaml_scalar(value: str | float) -> str:
    """Quote a value for YAML, of which JSON is a part; `$` is refused, since Compose would interpolate it."""
    if isinstance(value, str) and "$" in value:
        raise RenderError(f"`$` cannot stand in compose.yaml: {value}")
    return json.dumps(value, ensure_ascii=False)


def parse_yaml(text: str) -> Any:
    """Parse YAML with libyaml where PyYAML has it: ten times as fast."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader, either


def error_text(error: Exception) -> str:
    """Say what is wrong without the exception's frame around it."""
    if isinstance(error, RenderError):
        return error.problems[0].message
    line = f"line {error.lineno}: " if isinstance(error, jinja2.TemplateSyntaxError) else ""
    return f"{line}{error}"
