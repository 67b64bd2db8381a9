"""Tables are changed in place: other cells, quotes and line ends stay, whatever is in them."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.export.sheet import read_sheet

CELLS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff"), max_size=6
) | st.sampled_from(['"', "a,b", "x\ny", "\r\n", "=1", "50,5", "\u202e"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], bytes]:
    """Rows of a table, and its bytes as somebody wrote them."""
    width = draw(st.integers(2, 4))
    count = draw(st.integers(1, 5))
    body = [[draw(CELLS) for _ in range(width)] for _ in range(count)]
    rows = [
        [f"column {n}" for n in range(width)],
        *([f"k{n}", *row[1:]] for n, row in enumerate(body)),
    ]
    text = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(text, quoting=quoting, lineterminator=end).writerows(rows)
    return rows, draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.getvalue().encode()


@settings(max_examples=80, deadline=None)
@given(tables(), st.data())
def test_any_cells_can_be_replaced_in_any_table(
    table: tuple[list[list[str]], bytes], data: st.DataObject
) -> None:
    rows, raw = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(raw)
        sheet = read_sheet(path)
        assert [[cell.text for cell in row.cells] for row in sheet.rows] == rows[1:]
        assert sheet.filled({}) == raw
        places = st.tuples(st.integers(1, len(rows) - 1), st.integers(1, len(rows[0]) - 1))
        chosen = data.draw(st.dictionaries(places, CELLS, max_size=4))
        cells = {sheet.rows[row - 1].cells[column]: t for (row, column), t in chosen.items()}
        path.write_bytes(sheet.filled(cells))
        for (row, column), text in chosen.items():
            rows[row][column] = text
        assert [[cell.text for cell in row.cells] for row in read_sheet(path).rows] == rows[1:]
