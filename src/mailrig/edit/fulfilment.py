"""A wish fulfilled in the text of a file, and read back; knows nothing of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from mailrig.edit import block, flow, written
from mailrig.edit.sheet import Sheet
from mailrig.edit.splice import Splice, inserted_lines, spliced
from mailrig.edit.wishes import Append, Change, Drop, DropItems, Path, Plain, Put, Tag, Value, Values, Wish, fulfilled
from mailrig.errors import InventoryError, Location
from mailrig.inventory.document import Entry, location
from mailrig.inventory.place import place

_BY_HAND = "edit it by hand"
_ELSEWHERE = "it comes from elsewhere, through `<<`"


def fulfil(sheet: Sheet, wish: Wish) -> Sheet:
    """Return the file with a wish fulfilled; raise InventoryError where its text does not allow that.

    Whatever the splices did, what is read back has to be the data that was wanted: nothing more, nothing less.
    """
    wanted = fulfilled(sheet.plain, wish)
    splices = _splices(sheet, wish)
    try:
        done = sheet.with_text(spliced(sheet.text, splices))
    except InventoryError as error:
        raise _refusal(sheet, wish, f"that would leave no YAML ({error.problems[0].message})") from error
    if done.plain != wanted:
        others = [name for name in _differing(done.plain, wanted) if name != place(wish.path)]
        what = f"it would also change {', '.join(others[:3])}" if others else "it would not say what it is to say"
        raise _refusal(sheet, wish, what)
    return done


def _splices(sheet: Sheet, wish: Wish) -> list[Splice]:
    match wish:
        case Put(path=path, values=values):
            return _put(sheet, wish, path, values)
        case Change(path=path, value=value):
            return _change(sheet, wish, path, value)
        case Append(path=path, items=items):
            return _append(sheet, _own(sheet, path, wish), items)
        case Drop(path=path, keys=keys):
            return _drop(sheet, wish, _own(sheet, path, wish), keys)
        case DropItems(path=path, items=items):
            return _drop(sheet, wish, _own(sheet, path, wish), items)


def _change(sheet: Sheet, wish: Wish, path: Path, value: Value) -> list[Splice]:
    node = _entry(sheet.root, path)[1]
    if node is None:  # one that is merged in is covered by one of its own
        return _put(sheet, wish, path[:-1], {path[-1]: value})
    follows = sheet.text[node.end_mark.index : node.end_mark.index + 1]
    gap = " " if isinstance(value, Tag) and follows and follows in ",}]" else ""
    return [_replaced(node, written.flow(value) + gap)]


def _put(sheet: Sheet, wish: Wish, path: Path, values: Values) -> list[Splice]:
    key, node = _entry(sheet.root, path)
    if key is None and len(path) > 1:
        raise _refusal(sheet, wish, _ELSEWHERE)
    if sheet.root is None:
        return [_at_the_end(sheet, path, values)]
    if key is None:
        root = sheet.root
        if isinstance(root, MappingNode) and root.flow_style:
            return [flow.put(sheet, root, written.entries({path[0]: values}))]
        return [_at_the_end(sheet, path, values)]
    if isinstance(node, MappingNode) and node.value:
        return [flow.put(sheet, node, written.entries(values))] if node.flow_style else [block.put(sheet, node, values)]
    if isinstance(sheet.root, MappingNode) and sheet.root.flow_style:
        return [_replaced(node or key, written.flow(values))]
    return block.begin(sheet, key, node, values)


def _at_the_end(sheet: Sheet, path: Path, values: Values) -> Splice:
    """Add a key to a file that does not have it, below an empty line."""
    lines = written.block(path[0], values, 0, block.STEP)
    text = sheet.text
    gap = [""] if text.strip() else []
    end = len(text)
    return inserted_lines(text, end, [*gap, *lines], sheet.newline)


def _append(sheet: Sheet, node: Node, items: tuple[str, ...]) -> list[Splice]:
    if isinstance(node, SequenceNode) and node.flow_style:
        return [flow.put(sheet, node, written.items(items))]
    if isinstance(node, SequenceNode):
        return [block.append(sheet, node, items)]
    before = sheet.text[node.start_mark.index : node.end_mark.index]
    return [_replaced(node, f"[{before}, {written.items(items)}]")]


def _drop(sheet: Sheet, wish: Drop | DropItems, node: Node, names: Iterable[str]) -> list[Splice]:
    names = set(names)
    if not isinstance(node, CollectionNode):
        raise _refusal(sheet, wish, "there is no list")
    pairs = node.value if isinstance(node, MappingNode) else [(item, item) for item in node.value]
    gone = {number for number, (key, _) in enumerate(pairs) if isinstance(key, ScalarNode) and key.value in names}
    if not node.flow_style:
        return [block.dropped(sheet, *pairs[number]) for number in gone]
    splices = flow.dropped(sheet, node, gone)
    if splices is None:
        raise _refusal(sheet, wish, "a comment stands in between")
    return splices


def _replaced(node: Node, text: str) -> Splice:
    return Splice(node.start_mark.index, node.end_mark.index, text)


def _entry(root: Node | None, path: Path) -> tuple[Node | None, Node | None]:
    """Return the key and the value at a path, as they are written there, not merged in."""
    key: Node | None = None
    value = root
    for name in path:
        pairs: list[Entry] = value.value if isinstance(value, MappingNode) else []
        key, value = next((pair for pair in pairs if pair[0].value == name), (None, None))
    return key, value


def _own(sheet: Sheet, path: Path, wish: Wish) -> Node:
    node = _entry(sheet.root, path)[1]
    if node is None:
        raise _refusal(sheet, wish, _ELSEWHERE)
    return node


def _differing(found: Plain, wanted: Plain, path: Path = ()) -> Iterable[str]:
    """Yield, in words, each entry of a group that is not what it is to be."""
    if isinstance(found, dict) and isinstance(wanted, dict) and len(path) < 2:  # noqa: PLR2004 - a group and its entry
        for name in dict.fromkeys([*found, *wanted]):
            yield from _differing(found.get(name), wanted.get(name), (*path, str(name)))
    elif found != wanted:
        yield place(path)


def _refusal(sheet: Sheet, wish: Wish, why: str) -> InventoryError:
    """Return the error for a wish that the text does not allow."""
    what = place(wish.path)
    if isinstance(wish, Drop | Put) and (named := [*(wish.keys if isinstance(wish, Drop) else wish.values)]):
        what = ", ".join(place((*wish.path, name)) for name in named[:3])
    return InventoryError(f"cannot change {what} by itself: {why}", location=_where(sheet, wish.path), hint=_BY_HAND)


def _where(sheet: Sheet, path: Path) -> Location:
    for length in range(len(path), 0, -1):
        key = _entry(sheet.root, path[:length])[0]
        if key is not None:
            return location(key)
    return Location(sheet.file, 1, 1)
