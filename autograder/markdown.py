r"""Markdown as handouts use it: CommonMark with tables, `$formulas$` and dropped comments.

Raw HTML is shown as text. A formula becomes MathML, which browsers draw without
a script; whatever the converter would pass through half-read is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from latex2mathml.commands import MATRICES
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
ENVIRONMENT = re.compile(r"\\begin\{([^}]*)\}")
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2} | {
    "msubsup": 3,
    "munderover": 3,
}
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
THIN_SPACE = "0.167em"


class FormulaError(Exception):
    """A formula is no LaTeX that we can show; the text says why."""


def parse(text: str) -> list[Token]:
    """The text's tokens; what is escaped (`text_special`) stays apart from plain text."""
    return _PARSER.parse(text)


def render(tokens: Sequence[Token]) -> str:
    """The tokens' HTML."""
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def formula_html(latex: str, inline: bool) -> str:
    """The MathML of a formula.

    Raises:
        FormulaError: it is malformed, or uses a command that is not known.
    """
    bare = re.sub(r"\\.", "", latex)
    if bare.count("{") != bare.count("}"):
        raise FormulaError("braces do not match")
    latex = latex.strip().replace("{aligned}", "{align*}")
    for name in ENVIRONMENT.findall(latex):
        if f"\\{name}" not in MATRICES:
            raise FormulaError(f"unknown environment {name}")
    try:
        text = convert(latex, display="inline" if inline else "block")
        math = ElementTree.fromstring(text.replace(NAMESPACE, ""))
    except ElementTree.ParseError:
        raise FormulaError("an & outside a table") from None
    except Exception as error:  # the converter's errors have no class in common
        raise FormulaError(type(error).__name__.removesuffix("Error")) from None
    for element in math.iter():
        if "\\" in (element.text or ""):
            raise FormulaError(f"unknown command {element.text}")
        if len(element) != CHILDREN.get(element.tag, len(element)):
            raise FormulaError(f"something is missing ({element.tag})")
        _space_names(element)
    html = ElementTree.tostring(math, encoding="unicode")
    return html if inline else f'<span class="formula">{html}</span>\n'


def _space_names(parent: ElementTree.Element) -> None:
    """Set names of functions apart as TeX does (y log p, but log(p)), and bars not at all."""
    if parent.tag in CHILDREN:
        return
    children = list(parent)
    for index, child in enumerate(children):
        if child.tag == "mo" and child.text in {"|", "‖"}:
            child.attrib |= {"lspace": "0", "rspace": "0"}
        name = child[0] if child.tag in SCRIPTS else child
        if name.tag not in {"mi", "mo"} or not re.fullmatch("[A-Za-z]{2,}", name.text or ""):
            continue
        before = children[index - 1] if index else None
        after = children[index + 1] if index + 1 < len(children) else None
        close = before is not None and (before.tag != "mo" or before.text in {")", "]", "}"})
        space = after is not None and (after.tag != "mo" or after.text in {"{", "|"})
        name.tag = "mo"
        name.set("lspace", THIN_SPACE if close else "0")
        name.set("rspace", THIN_SPACE if space else "0")


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Pass over a comment that has its lines for itself."""
    opening = state.bMarks[start] + state.tShift[start]
    closing = state.src.find("-->", opening)
    if not state.src.startswith("<!--", opening) or closing < 0:
        return False
    last = next((n for n in range(start, end) if state.eMarks[n] >= closing + 3), end)
    if last == end or state.src[closing + 3 : state.eMarks[last]].strip():
        return False
    if not silent:
        state.line = last + 1
    return True


def _comment_inline(state: StateInline, _silent: bool) -> bool:
    """Pass over a comment within a line or a paragraph."""
    closing = state.src.find("-->", state.pos)
    if not state.src.startswith("<!--", state.pos) or not 0 <= closing <= state.posMax - 3:
        return False
    state.pos = closing + 3
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("text_join")
    dollarmath_plugin(
        parser, allow_labels=False, allow_space=False, allow_blank_lines=False, double_inline=True
    )
    parser.block.ruler.before(
        "html_block", "comment", _comment_block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    parser.inline.ruler.before("html_inline", "comment", _comment_inline)
    parser.add_render_rule(
        "text_special", lambda _self, tokens, at, *_: escapeHtml(tokens[at].content)
    )
    parser.add_render_rule("table_open", lambda *_: '<div class="scroll"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


_PARSER = _parser()
