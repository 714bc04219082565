"""The guards around what is interpolated."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.errors import RenderError
from mailrig.render.templates import Block, Templates
from mailrig.secret import Secret


def templates(root: Path, text: str) -> Templates:
    """Make one template, ``t.j2``."""
    (root / "t.j2").write_text(text)
    return Templates(root)


def test_secret_is_in_the_content_and_its_fingerprint_in_what_is_shown(tmp_path: Path) -> None:
    """One rendering gives both texts."""
    secret = Secret("s3cret")
    text = templates(tmp_path, "a {{ x }} b {{ x }}\n").render("t.j2", {"x": secret})
    assert text.content == "a s3cret b s3cret\n"
    assert text.shown == f"a {secret} b {secret}\n"


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\x00b", "a\u2028b", Secret("a\nb")], ids=repr)
def test_line_break_in_a_value_is_refused(tmp_path: Path, value: object) -> None:
    """No value can bring a line of its own into a configuration file."""
    with pytest.raises(RenderError, match=r"t\.j2: a value holds a line break"):
        templates(tmp_path, "{{ x }}").render("t.j2", {"x": value})


def test_refusal_does_not_show_the_secret(tmp_path: Path) -> None:
    """The error about a secret names its fingerprint only."""
    with pytest.raises(RenderError) as caught:
        templates(tmp_path, "{{ x }}").render("t.j2", {"x": Secret("hush\nhush")})
    assert "hush" not in str(caught.value)


def test_block_may_have_lines(tmp_path: Path) -> None:
    """The user's own settings go in as they are."""
    assert templates(tmp_path, "{{ x }}").render("t.j2", {"x": Block("a\nb")}).content == "a\nb"


def test_boolean_is_written_as_the_daemons_do(tmp_path: Path) -> None:
    """Both daemons say yes and no."""
    assert templates(tmp_path, "{{ x }} {{ y }}").render("t.j2", {"x": True, "y": False}).content == "yes no"


@pytest.mark.parametrize("text", ["{{ missing }}", "{{ none }}", "{% if %}"])
def test_mistake_in_a_template_names_it(tmp_path: Path, text: str) -> None:
    """What is undefined, empty or misspelt ends as an error with the template's name."""
    with pytest.raises(RenderError, match=r"templates/t\.j2: "):
        templates(tmp_path, text).render("t.j2", {"none": None})


def test_yaml_scalar_cannot_break_out(tmp_path: Path) -> None:
    """Quotes, colons and line breaks stay inside the value."""
    made = templates(tmp_path, "{{ x | yaml }}").render("t.j2", {"x": 'a": b\n- c'})
    assert made.content == r'"a\": b\n- c"'


def test_yaml_scalar_refuses_what_compose_would_interpolate(tmp_path: Path) -> None:
    """Compose replaces $NAME, we do not: the two must not read the file differently."""
    with pytest.raises(RenderError, match=r"`\$` cannot stand"):
        templates(tmp_path, "{{ x | yaml }}").render("t.j2", {"x": "/srv/$HOME"})
