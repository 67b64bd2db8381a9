"""The handout as web pages: a bundle's `assignment/*.md` turned into static HTML.

The pages need no network, no script and no server: formulas become MathML,
figures are copied along, the style stands in each page. Sections keep the ids
by which checks and reports cite them (`B.3`), so `part-b.html#B.3` is a place
to send a student to. Whatever would disappoint a reader (a link or a figure
that leads nowhere, a formula that cannot be converted) stops the build.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it.token import Token
from markupsafe import Markup

from .bundle import Bundle
from .errors import ExpectedError
from .markdown import FormulaError, formula_html, parse, render

TEMPLATES = Path(__file__).parent / "templates"
PAGE_TEMPLATE = "handout.html.j2"
INDEX = "index.md"
MARK = ".made-by-autograde-release"  # tells a folder of ours from any other
SECTION = re.compile(r"([A-Za-z]\.\d+(?:\.\d+)*)[.:]?(?=\s|$)")
ELSEWHERE = {"http", "https", "mailto"}
SELF_LINK = ' <a class="self" href="#{}" aria-label="Link to this section">#</a>'


class HandoutError(ExpectedError):
    """The pages cannot be made; the text names file and line of every mistake."""


@dataclass(eq=False)
class Page:
    """A Markdown file on its way to a page.

    Attributes:
        source: the file.
        shown: its path as messages name it.
        lines: the file's lines.
        tokens: its parsed content, which gains ids, formulas and final addresses.
        title: the first h1, as plain text.
        sections: id and HTML of every h2's heading.
        ids: every id on the page.
        mistakes: what an author has to repair.
    """

    source: Path
    shown: str
    lines: list[str]
    tokens: list[Token]
    title: str = ""
    sections: list[tuple[str, Markup]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The page's file name in the output."""
        return f"{self.source.stem}.html"

    def complain(self, token: Token, needle: str, message: str) -> None:
        """Note a mistake at the line of the block `token` on which `needle` stands."""
        first, last = token.map or (0, 1)
        found = (n for n in range(first, last) if needle in self.lines[n])
        self.mistakes.append(f"{self.shown}:{next(found, first) + 1}: {message}")


def build_handout(bundle: Bundle, target: Path) -> int:
    """Replace the folder by freshly made pages, those that the rubric declares beside them.

    Returns:
        The number of pages, 0 if there are none.

    Raises:
        HandoutError: as `handout_files`, or the folder holds something else.
    """
    files = handout_files(bundle)
    if not files:
        return 0
    if target.exists() and not (target / MARK).is_file() and not _is_empty_folder(target):
        raise HandoutError(f"{target} is no handout and not empty; choose another --handout")
    try:
        shutil.rmtree(target, ignore_errors=True)
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise HandoutError(f"cannot write {target}: {error.strerror}") from None
    return sum(name.endswith(".html") for name in files)


def handout_files(bundle: Bundle) -> dict[str, bytes]:
    """Every file of the handout, by its path in it; nothing if there are no pages.

    Raises:
        HandoutError: links, figures, formulas or sections are wrong.
    """
    sources = sorted(bundle.handout_dir.glob("*.md"))
    pages = {source.name: _read(source, bundle.root) for source in sources}
    order = _order(pages)
    _name_sections(order)
    figures: dict[str, Path] = {}
    for page in order:
        figures |= _settle(page, pages)
    mistakes = [mistake for page in order for mistake in page.mistakes]
    if mistakes:
        raise HandoutError("\n".join(mistakes))
    files = {page.file: _html(bundle.rubric.title, order, page) for page in order}
    folder = bundle.handout_dir
    beside = {path.relative_to(folder).as_posix(): path for path in bundle.pages.values()}
    files |= {name: path.read_bytes() for name, path in sorted({**figures, **beside}.items())}
    return files | {MARK: b"Replaced by every `autograde release`.\n"} if files else {}


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _read(source: Path, root: Path) -> Page:
    """Parse a file and convert its formulas."""
    shown = source.relative_to(root).as_posix()
    try:
        text = source.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise HandoutError(f"{shown}: is no UTF-8 text") from None
    page = Page(source, shown, text.split("\n"), parse(text))
    for block in page.tokens:
        _convert_formulas(page, block)
    return page


def _order(pages: dict[str, Page]) -> list[Page]:
    """The index; then in the order of its links the parts, and the rest; then what it omits."""
    linked = [INDEX]
    for _, token in _inlines(pages[INDEX]) if INDEX in pages else ():
        if token.type == "link_open":
            linked.append(_inside(_address(token, "href")[0]))

    def place(name: str) -> tuple[object, ...]:
        position = linked.index(name) if name in linked else len(linked)
        return name != INDEX, name not in linked, not name.startswith("part"), position, name

    return [pages[name] for name in sorted(pages, key=place)]


def _inlines(page: Page) -> Iterator[tuple[Token, Token]]:
    """Every piece of inline content with the block it stands in."""
    for block in page.tokens:
        for token in block.children or ():
            yield block, token


def _name_sections(pages: list[Page]) -> None:
    """Give every heading an id and a link to itself; a section's id stands once in all pages."""
    cited: dict[str, Page] = {}
    for page in pages:
        for opening, block in zip(page.tokens, page.tokens[1:], strict=False):
            if opening.type != "heading_open":
                continue
            text = _plain(block)
            if section := SECTION.match(text):
                name = section[1]
                if name in cited:
                    page.complain(block, "", f"section {name} stands in {cited[name].shown} too")
                cited[name] = page
            else:
                name = _unused(re.sub(r"\W+", "-", text.lower()).strip("-_"), page.ids)
            page.ids.append(name)
            opening.attrSet("id", name)
            if opening.tag == "h1" and not page.title:
                page.title = text
            if opening.tag == "h2":
                page.sections.append((name, _label(block)))
            link = Token("html_inline", "", 0, content=SELF_LINK.format(quote(name)))
            block.children = [*(block.children or ()), link]
        if not page.title:
            page.mistakes.append(f"{page.shown}:1: the page has no title (a line `# ...`)")


def _plain(block: Token) -> str:
    """The text of inline content, without its markup."""
    pieces = (
        " " if token.type in {"softbreak", "hardbreak"} else token.meta.get("text", token.content)
        for token in block.children or ()
    )
    return "".join(pieces).strip()


def _unused(slug: str, ids: list[str]) -> str:
    """The slug, with a number if the page has it already."""
    slug = slug or "section"
    others = (f"{slug}-{number}" for number in range(2, len(ids) + 3))
    return next(name for name in (slug, *others) if name not in ids)


def _label(block: Token) -> Markup:
    """A heading's HTML for the table of contents: as it is, without links in it."""
    kept = [t for t in block.children or () if t.type not in {"link_open", "link_close"}]
    return Markup(render([Token("inline", "", 0, children=kept)]))


def _settle(page: Page, pages: dict[str, Page]) -> dict[str, Path]:
    """Dress a page's paragraphs and resolve its addresses; the figures it needs."""
    figures: dict[str, Path] = {}
    for opening, block in zip(page.tokens, page.tokens[1:], strict=False):
        if opening.type == "paragraph_open":
            _dress(opening, block)
    for block, token in _inlines(page):
        key = {"link_open": "href", "image": "src"}.get(token.type)
        if key is None:
            continue
        if key == "src":  # the description is an attribute: text alone
            token.children = [Token("text", "", 0, content=_plain(token))]
        address, fragment = _address(token, key)
        if key == "href" and address.partition(":")[0].lower() in ELSEWHERE:
            continue
        name = _inside(address) or page.source.name
        path = page.source.parent / name
        other = pages.get(name)
        if other and key == "href" and (fragment in other.ids if fragment else address):
            place = f"#{quote(fragment)}" if fragment else ""
            token.attrSet(key, f"{quote(other.file) if address else ''}{place}")
        elif other is None and _is_below(path, page.source.parent):
            token.attrSet(key, quote(name))
            figures[name] = path
        else:
            written = unquote(str(token.attrs[key])) or "()"
            page.complain(block, written, f"{written} leads nowhere")
    return figures


def _address(token: Token, key: str) -> tuple[str, str]:
    """A link's or an image's address and the fragment behind its #."""
    address, _, fragment = str(token.attrs[key]).partition("#")
    return unquote(address), unquote(fragment)


def _inside(address: str) -> str:
    """The path of a file of the handout, relative to the pages; '' for the page itself."""
    return posixpath.normpath(address) if address else ""


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a file is there and lies in the folder, symbolic links followed."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _convert_formulas(page: Page, block: Token) -> None:
    """Replace a block's formulas by MathML; note what is no formula and no text either."""
    for token in (block, *(block.children or ())):
        if token.type.startswith("math_"):
            token.meta["text"] = token.content
            try:
                token.content = formula_html(token.content, token.type == "math_inline")
            except FormulaError as error:
                first = token.content.strip().partition("\n")[0]
                page.complain(block, first, f"the formula {first!r} cannot be converted: {error}")
            token.type = "html_block" if token is block else "html_inline"
        elif token.type == "text" and "$" in token.content:
            page.complain(block, "$", r"a $ that belongs to no formula; for the sign, write \$")
        elif token.type == "text" and "<!--" in token.content:
            page.complain(block, "<!--", "a comment that is never closed")


def _dress(opening: Token, block: Token) -> None:
    """Mark a checkpoint's paragraph, and make a lone image a figure."""
    if block.content.startswith("**Checkpoint"):
        opening.attrSet("class", "checkpoint")
    if [token.type for token in block.children or ()] == ["image"]:
        opening.attrSet("class", "figure")


def _html(title: str, order: list[Page], page: Page) -> bytes:
    """A whole page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    at = order.index(page)
    text = environment.get_template(PAGE_TEMPLATE).render(
        handout=title,
        pages=order,
        page=page,
        previous=order[at - 1] if at else None,
        following=order[at + 1] if at + 1 < len(order) else None,
        body=Markup(render(page.tokens)),
    )
    return text.encode("utf-8")
