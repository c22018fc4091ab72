"""A layout as SVG: inside a page, where the page's style colours it, or as a file that stands alone."""

from markupsafe import Markup

from service.ontology.diagram import diagram_of, unbound
from service.ontology.layout import NOTE, PAD, ROW, TITLE, Box, Layout, Line, Text, breadth, lay_out
from service.ontology.words import Words, anchor, short

_MOST = 24 * 7.4  # how wide a note may grow before it goes on in the next line
# The colours of a page, for a picture without one; tokens.css gives them to the picture in the page.
COLOURS = """
svg { color-scheme: light dark; background: var(--paper);
  --ink: #1f2328; --soft: #565d66; --line: #cfccc3; --sheet: #fff; --paper: #fdfcf9; }
@media (prefers-color-scheme: dark) { svg {
  --ink: #e8e6e1; --soft: #b3b7bd; --line: #565c65; --sheet: #22252a; --paper: #16181c;
  --tone0: #7db4e6; --tone1: #f08b82; --tone2: #86c99a; --tone3: #dfb668; } }
"""


def drawn(words: Words) -> tuple[Layout, list[str]]:
    """The picture in the reader's language, and the classes it leaves out."""
    diagram = diagram_of(words.ontology)
    if not diagram.places:
        return Layout([], [], 0, 0), diagram.omitted
    texts = {iri: _text(words, diagram.places, iri) for iri in diagram.places}
    for link in diagram.links:
        rows = {prop: words.labels.name(prop, words.language) for prop in link.properties}
        text = texts[link.source]
        texts[link.source] = Text(text.title, text.notes, {**text.rows, **rows})
    return lay_out(diagram, texts), diagram.omitted


def svg(layout: Layout, words: Words, title: str, style: str = "") -> Markup:
    """The picture; with a style it stands alone, and is light or dark as the reader's screen."""
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="group" aria-label="{2}" width="{0:.0f}" '
        'height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" font-size="13">'
    ).format(layout.width, layout.height, title)
    parts = [head]
    if style:
        parts.append(Markup("<title>{}</title><style>{}</style>").format(title, COLOURS + style))
    parts += [_box(box, words) for box in layout.boxes]
    parts += [_line(line, layout) for line in layout.lines]
    return Markup("\n").join([*parts, Markup("</svg>\n")])


def _text(words: Words, places: dict[str, int], iri: str) -> Text:
    ontology, language = words.ontology, words.language

    def name(one: str) -> str:
        return words.labels.name(one, language)

    notes = [short(iri)]
    notes += [f"⊂ {name(one)}" for one in ontology.parents[iri] if one in places]
    inside = [name(one) for one in ontology.below(iri) if one not in places and _nearest(words, one, places) == iri]
    notes += _wrap("⊃ ", inside, "、" if language == "zh" else ", ")
    notes += [f"← {name(prop)}" for prop in unbound(ontology, iri)]
    return Text(name(iri), tuple(notes), {})


def _nearest(words: Words, iri: str, places: dict[str, int]) -> str | None:
    return next((one for one in words.ontology.above(iri) if one in places), None)


def _wrap(sign: str, names: list[str], comma: str) -> list[str]:
    lines: list[str] = []
    for name in names:
        if lines and breadth(lines[-1] + comma + name) <= _MOST:
            lines[-1] += comma + name
        else:
            lines[-1:] = [*(line + comma.strip() for line in lines[-1:]), (sign if not lines else "") + name]
    return lines


def _line(line: Line, layout: Layout) -> Markup:
    path = " ".join(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" for x1, y1, x2, y2 in line.strokes)
    heads = " ".join(f"M{x:.1f} {y:.1f}l{-7 if right else 7} -4v8z" for x, y, right in line.arrows)
    column = next(box.column for box in layout.boxes if box.iri == line.link.source)
    link = line.link
    ends = (" ".join(map(anchor, iris)) for iris in ((link.source,), link.properties, link.targets))
    return Markup(
        '<g class="way c{}" data-from="{}" data-by="{}" data-to="{}"><path d="{}" fill="none"/>'
        '<path d="{}" stroke="none"/></g>'
    ).format(column, *ends, path, heads)


def _box(box: Box, words: Words) -> Markup:
    x = box.x + PAD
    rows = [
        Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3"/>').format(
            box.x, box.y, box.width, box.height
        ),
        _linked(words, box.iri, x, box.y + TITLE - 4, box.text.title, "name"),
    ]
    for rank, note in enumerate(box.text.notes):
        rows.append(_words(x, box.y + TITLE + NOTE * (rank + 0.75), note, "note"))
    for prop, label in box.text.rows.items():
        rows.append(_linked(words, prop, x, box.row(prop) + ROW * 0.22, label, "prop"))
    return Markup('<g class="class c{}">{}</g>').format(box.column, Markup("").join(rows))


def _linked(words: Words, iri: str, x: float, y: float, text: str, kind: str) -> Markup:
    to = words.href(iri)
    inner = _words(x, y, text, kind)
    return Markup('<a href="{}">{}</a>').format(to, inner) if to else inner


def _words(x: float, y: float, text: str, kind: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, text)
