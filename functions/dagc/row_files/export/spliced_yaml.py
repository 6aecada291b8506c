"""Changes rows in a YAML file, and nothing else of it: comments, order, quotes, blank lines stay.

The text of the file is kept but for the values that differ: those are cut out by where PyYAML says
that they stand, and the new ones put in their place. Whoever calls it reads the result back.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from dagc.aws.dynamodb_json import item_text
from dagc.compiler import Item
from dagc.row_files.export.row_forms import (
    Tagged,
    fits_file,
    ordered,
    unfolded,
    value_form,
    written_form,
)
from dagc.row_files.export.yaml_spans import NoSpliceError, YamlSpans, start_of
from dagc.row_files.export.yaml_text import entries_text, flow_text, indented, yaml_text
from dagc.row_files.reading.json_text import Numeral
from dagc.row_files.reading.placed_yaml import composed
from dagc.row_files.reading.row_tags import FILE, JSON, file_beside

_YAML = "tag:yaml.org,2002:"
_Form = Callable[[str, Any], Any]
"""The form of what an object holds under a key."""


class RowEdit(NamedTuple):
    """A row that stands at `way` in the file's documents: as it is read, and as it is to be; None
    where it goes.
    """

    way: tuple[str | int, ...]
    old: Item
    new: Item | None


@dataclass
class Splice:
    """Makes cuts in the `text` of the file `path`, which holds rows of `table`; `files` are the
    texts of those that rows name. With `whole`, a row that differs is written anew as a whole. What
    is `shared` is named by several rows: one that differs gets a text of its own.
    """

    text: str
    path: Path
    folder: Path
    table: str
    whole: bool
    shared: Collection[Path] = ()
    files: dict[Path, str] = field(default_factory=dict)
    cuts: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spans = YamlSpans(self.text.replace("\r\n", "\n"))

    def done(self, edits: Sequence[RowEdit], added: Sequence[str]) -> tuple[str, dict[Path, str]]:
        """The text after `edits`, with `added` rows (their YAML) at its end; and `files`.
        NoSpliceError where the file has another form.
        """
        nodes = composed(self.spans.text)
        for edit in edits:
            self._row(nodes, edit)
        if added:
            self._append(nodes[-1], added)
        parts, position = [], 0
        for start, end, put in _in_order(self.cuts):
            parts += [self.spans.text[position:start], put]
            position = end
        result = "".join([*parts, self.spans.text[position:]])
        return (result.replace("\n", "\r\n") if "\r\n" in self.text else result), self.files

    def _row(self, nodes: list[Any], edit: RowEdit) -> None:
        """Changes or removes a row."""
        node, rows = _at(nodes, edit.way)
        if edit.new is None:
            self._remove_row(rows, node)
        elif self.whole or not self._tried(
            node, edit.old, edit.new, form=self._row_form, flow=False
        ):
            form = written_form(self.table, edit.new)
            if rows is None:
                self.cuts.append(
                    (start_of(node), self.spans.end(node), yaml_text(form).rstrip("\n"))
                )
            else:
                self._put_entry(rows, node, form)

    def _append(self, node: Any, added: Sequence[str]) -> None:
        """Puts rows at the end of a list."""
        if isinstance(node, yaml.SequenceNode) and not node.value:
            self.cuts.append((start_of(node), self.spans.end(node), "\n".join(added).rstrip("\n")))
            return
        if not isinstance(node, yaml.SequenceNode) or node.flow_style or not node.value:
            raise NoSpliceError("no list in lines")
        column, end = self.spans.dash(node.value[0])[1], self.spans.line_end(self.spans.end(node))
        rows = "".join(f"\n\n{indented(text.rstrip(chr(10)), column)}" for text in added)
        self.cuts.append((end, end, rows))

    def _row_form(self, name: str, value: Any) -> Any:
        return value_form(self.table, name, value)

    def _remove_row(self, rows: Any, node: Any) -> None:
        if rows is None or rows.flow_style:
            raise NoSpliceError("no list in lines")
        self._cut_lines(self.spans.dash(node)[0], self.spans.end(node))

    def _tried(self, node: Any, old: Any, new: Any, *, form: _Form, flow: bool) -> bool:
        """Whether cuts inside `node` change it so; if not, none are made."""
        made = len(self.cuts)
        try:
            if self._change(node, old, new, form=form, flow=flow):
                _in_order(self.cuts[made:])
                return True
        except NoSpliceError:
            pass
        del self.cuts[made:]
        return False

    def _change(self, node: Any, old: Any, new: Any, *, form: _Form, flow: bool) -> bool:
        if _same(old, new):
            return True
        if node.tag == FILE and isinstance(new, str) and fits_file(new):
            file = file_beside(self.path, self.folder, node.value)
            if file.resolve() in self.shared:
                return False
            self.files[file] = new
            return True
        if node.tag == JSON and isinstance(old, str) and isinstance(new, str):
            old, new, form = unfolded(old), unfolded(new), lambda _, value: value
        elif node.tag not in (f"{_YAML}map", f"{_YAML}seq"):
            return False
        flow = flow or bool(getattr(node, "flow_style", False))
        if isinstance(node, yaml.MappingNode) and _are(dict, old, new):
            return self._change_object(node, old, new, form=form, flow=flow)
        if isinstance(node, yaml.SequenceNode) and _are(list, old, new):
            return self._change_list(node, old, new, form=form, flow=flow)
        return False

    def _change_object(
        self, node: Any, old: dict[str, Any], new: dict[str, Any], *, form: _Form, flow: bool
    ) -> bool:
        pairs = {key.value: (key, value) for key, value in node.value if _is_scalar(key)}
        if pairs.keys() != old.keys() or (flow and old.keys() != new.keys()) or not new:
            return False  # merged with another, or in braces
        within = form if form != self._row_form else lambda _, value: ordered(value)
        for name, (key, child) in pairs.items():
            if name not in new:
                self._cut_lines(start_of(key), max(key.end_mark.index, self.spans.end(child)))
            elif not self._tried(child, old[name], new[name], form=within, flow=flow):
                value = unfolded(str(new[name])) if child.tag == JSON else None
                put = form(name, new[name]) if value is None else Tagged(JSON, value)
                self._put_value(key, child, put, flow=flow)
        added = {name: form(name, new[name]) for name in new if name not in old}
        if added:
            last_key, last = node.value[-1]
            end = self.spans.line_end(max(last_key.end_mark.index, self.spans.end(last)))
            lines = indented(yaml_text(added).rstrip("\n"), node.value[0][0].start_mark.column)
            self.cuts.append((end, end, f"\n{lines}"))
        return True

    def _change_list(
        self, node: Any, old: list[Any], new: list[Any], *, form: _Form, flow: bool
    ) -> bool:
        if len(node.value) != len(old) or not new or (flow and len(old) != len(new)):
            return False
        keys = [[repr(_comparable(entry)) for entry in entries] for entries in (old, new)]
        matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
        for what, i, i_end, j, j_end in matcher.get_opcodes():
            shared = min(i_end - i, j_end - j) if what == "replace" else 0
            for offset in range(shared):
                child, wanted = node.value[i + offset], new[j + offset]
                if not self._tried(child, old[i + offset], wanted, form=form, flow=flow):
                    self._put_entry(node, child, form("", wanted))
            if what == "equal":
                continue
            for child in node.value[i + shared : i_end]:
                self._cut_lines(self.spans.dash(child)[0], self.spans.end(child))
            forms = [form("", entry) for entry in new[j + shared : j_end]]
            self._insert_entries(node, i + shared, forms)
        return True

    def _insert_entries(self, node: Any, index: int, forms: list[Any]) -> None:
        if not forms:
            return
        dash, column = self.spans.dash(node.value[max(index - 1, 0)])
        lines = indented(entries_text(forms).rstrip("\n"), column)
        if index:
            end = self.spans.line_end(self.spans.end(node.value[index - 1]))
            self.cuts.append((end, end, f"\n{lines}"))
        else:
            start = self.spans.line_start(dash)
            self.cuts.append((start, start, f"{lines}\n"))

    def _put_entry(self, rows: Any, node: Any, form: Any) -> None:
        if rows.flow_style:
            self.cuts.append((start_of(node), self.spans.end(node), flow_text(form)))
            return
        dash, column = self.spans.dash(node)
        lines = indented(entries_text([form]).rstrip("\n"), column).lstrip(" ")
        self.cuts.append((dash, self.spans.end(node), lines))

    def _put_value(self, key: Any, child: Any, form: Any, *, flow: bool) -> None:
        """Puts a value in the place of another one; the comment behind that stays on the line."""
        colon = self.spans.text.find(":", key.end_mark.index)
        if colon < 0 or self.spans.text[key.end_mark.index : colon].strip():
            raise NoSpliceError("a key in a form of its own")
        start, end = colon + 1, max(colon + 1, self.spans.end(child))
        if flow:
            start, gap = max(start, start_of(child)), "" if start < start_of(child) else " "
            self.cuts.append((start, end, f"{gap}{flow_text(form)}"))
            return
        comment = self.spans.comment(child, end)
        end = self.spans.line_end(end) if comment else end
        first, *rest = yaml_text({"k": form}).removeprefix("k:").rstrip("\n").split("\n")
        lines = indented("\n".join(rest), key.start_mark.column)
        self.cuts.append((start, end, "\n".join([first + comment, *([lines] if rest else [])])))

    def _cut_lines(self, start: int, end: int) -> None:
        begin = self.spans.line_start(start)
        if self.spans.text[begin:start].strip():
            raise NoSpliceError("not on a line of its own")
        self.cuts.append((begin, min(self.spans.line_end(end) + 1, len(self.spans.text)), ""))


def _in_order(cuts: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The cuts as they stand; NoSpliceError where two are in one place."""
    ordered_cuts = sorted(cuts, key=lambda cut: cut[:2])
    for (_, end, _), (start, _, _) in pairwise(ordered_cuts):
        if start < end:
            raise NoSpliceError("two changes in one place")
    return ordered_cuts


def _at(nodes: list[Any], way: tuple[str | int, ...]) -> tuple[Any, Any]:
    """The node of a row, and the list that it is in, if it is in one."""
    if len(way) == 1:
        return nodes[int(way[0])], None
    if len(way) == 2 and isinstance(nodes[int(way[0])], yaml.SequenceNode):
        rows = nodes[int(way[0])]
        return rows.value[int(way[1])], rows
    raise NoSpliceError("what a tool has written")


def _is_scalar(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and (node.value != "<<" or bool(node.style))


def _are(kind: type, *values: Any) -> bool:
    return all(isinstance(value, kind) for value in values)


def _same(one: Any, other: Any) -> bool:
    return bool(_comparable(one) == _comparable(other))


def _comparable(value: Any) -> Any:
    """`value` in a form in which 1, True and "1" differ, and the order of keys does not count."""
    if isinstance(value, Numeral):
        return value
    if isinstance(value, Mapping):
        return {key: _comparable(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return list(map(_comparable, value))
    return item_text({"": value})
