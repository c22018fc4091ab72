"""Places for the boxes and lines of a diagram, in pixels: columns of boxes with channels for the lines between them.

A line leaves its row, runs up or down on a track of its own in the channel, and ends at the head of each target; it
passes a column in between through a lane between two boxes. Everything follows from the order of the diagram, so the
same ontology gives the same picture.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.ontology.diagram import Diagram, Link

ROW, TITLE, NOTE, PAD = 21, 24, 17, 10  # heights of a property, a name, a note; the margin inside a box
GAP, TRACK, LANE = 20, 9, 10  # between boxes, between lines in a channel, between lines that pass a column
EDGE = 14  # blank around the picture and beside the tracks of a channel
WIDE, LATIN = 13.5, 7.4  # the most a Chinese sign and a Latin letter take at 13 px


@dataclass(frozen=True)
class Text:
    """What a box says: its title, notes beneath it, and property → label."""

    title: str
    notes: tuple[str, ...]
    rows: Mapping[str, str]

    @property
    def width(self) -> float:
        return max(map(breadth, (self.title, *self.notes, *self.rows.values()))) + 2 * PAD + 8


@dataclass
class Box:
    """A class in its place; rows keep the properties of one link together."""

    iri: str
    text: Text
    column: int
    x: float = 0
    y: float = 0
    width: float = 0

    @property
    def head(self) -> float:
        return TITLE + NOTE * len(self.text.notes) + PAD

    @property
    def height(self) -> float:
        return self.head + (ROW * len(self.text.rows) + PAD / 2 if self.text.rows else 0)

    def row(self, prop: str) -> float:
        """The middle of a property's row."""
        return self.y + self.head + ROW * ([*self.text.rows].index(prop) + 0.5)


@dataclass
class Line:
    """One link: its strokes as (x1, y1, x2, y2), and its arrow heads as (x, y, pointing right)."""

    link: Link
    strokes: list[tuple[float, float, float, float]] = field(default_factory=list)
    arrows: list[tuple[float, float, bool]] = field(default_factory=list)


@dataclass
class _Trunk:
    """The part of a link that runs in one channel: the heights it joins on either side, and those with an arrow."""

    link: Link
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    left_arrows: list[float] = field(default_factory=list)
    right_arrows: list[float] = field(default_factory=list)

    @property
    def heights(self) -> list[float]:
        return [*self.left, *self.right, *self.left_arrows, *self.right_arrows]


@dataclass(frozen=True)
class Layout:
    """Boxes and lines, and the size of the whole."""

    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float


def breadth(text: str) -> float:
    """An upper bound of the text's width."""
    return sum(WIDE if unicodedata.east_asian_width(sign) in "WFA" else LATIN for sign in text)


def lay_out(diagram: Diagram, texts: Mapping[str, Text]) -> Layout:
    """The picture of the diagram with these texts, one for each class drawn."""
    boxes = [Box(iri, texts[iri], column) for iri, column in diagram.places.items()]
    columns = [[box for box in boxes if box.column == number] for number in range(max(diagram.places.values()) + 1)]
    by_iri = {box.iri: box for box in boxes}
    _order(columns, diagram.links, by_iri)
    lanes = _lanes(columns, diagram.links, by_iri)
    height = _stack(columns, lanes)
    heights = {(link.source, link.targets, number): y for number, y, link in _lane_heights(columns, lanes)}
    trunks = _trunks(columns, diagram.links, by_iri, heights)
    return _draw(columns, diagram.links, trunks, heights, height)


def _order(columns: list[list[Box]], links: list[Link], by_iri: Mapping[str, Box]) -> None:
    """Swaps neighbours as long as the lines get shorter."""

    def cost() -> float:
        _stack(columns, {})
        middle = {iri: box.y + box.height / 2 for iri, box in by_iri.items()}
        return sum(abs(middle[link.source] - middle[target]) for link in links for target in link.targets)

    best = cost()
    improved = True
    while improved:
        improved = False
        for boxes in columns:
            for at in range(len(boxes) - 1):
                boxes[at], boxes[at + 1] = boxes[at + 1], boxes[at]
                if (now := cost()) < best - 0.5:
                    best, improved = now, True
                else:
                    boxes[at], boxes[at + 1] = boxes[at + 1], boxes[at]
    _stack(columns, {})


Lanes = dict[tuple[int, int], list[Link]]  # (column, gap above the box of this number) → the links that pass there


def _stack(columns: list[list[Box]], lanes: Lanes) -> float:
    """Gives each box its height on the page, columns centred; returns the height of the whole."""
    tops: list[float] = []
    for number, boxes in enumerate(columns):
        y = 0.0
        for at, box in enumerate(boxes):
            y += LANE * len(lanes.get((number, at), ())) + (GAP if at else 0)
            box.y = y
            y += box.height
        tops.append(y + LANE * len(lanes.get((number, len(boxes)), ())))
    whole = max(tops)
    for boxes, top in zip(columns, tops, strict=True):
        for box in boxes:
            box.y += EDGE + (whole - top) / 2
    return whole + 2 * EDGE


def _passed(link: Link, by_iri: Mapping[str, Box]) -> list[int]:
    """The columns that a link passes on its way."""
    source = by_iri[link.source].column
    far = [by_iri[target].column for target in link.targets]
    return [*range(source + 1, max(far)), *range(min(far) + 1, source)]


def _lanes(columns: list[list[Box]], links: list[Link], by_iri: Mapping[str, Box]) -> Lanes:
    """For each link and column it passes, the gap that lies nearest."""
    found: Lanes = {}
    for link in links:
        wanted = [by_iri[iri].y + by_iri[iri].head / 2 for iri in (link.source, *link.targets)]
        middle = sum(wanted) / len(wanted)
        for number in _passed(link, by_iri):
            boxes = columns[number]
            gaps = [box.y - GAP / 2 for box in boxes] + [boxes[-1].y + boxes[-1].height + GAP / 2]
            nearest = min(range(len(gaps)), key=lambda at, gaps=gaps: abs(gaps[at] - middle))  # type: ignore[misc]
            found.setdefault((number, nearest), []).append(link)
    return found


def _lane_heights(columns: list[list[Box]], lanes: Lanes) -> Iterable[tuple[int, float, Link]]:
    for (number, at), passing in lanes.items():
        boxes = columns[number]
        above = boxes[at - 1].y + boxes[at - 1].height + GAP / 2 if at else boxes[0].y - LANE * len(passing)
        for rank, link in enumerate(passing):
            yield number, above + LANE * (rank + 0.5), link


Heights = dict[tuple[str, tuple[str, ...], int], float]  # (source, targets, column) → the height of its lane


def _trunks(
    columns: list[list[Box]], links: list[Link], by_iri: Mapping[str, Box], lanes: Heights
) -> list[list[_Trunk]]:
    """Channel → its trunks; channel 1 lies between the columns 0 and 1. Links within a column go on its right."""
    last = len(columns) - 1
    channels: list[list[_Trunk]] = [[] for _ in range(last + 1)]
    arrivals: dict[tuple[str, bool], list[tuple[float, list[float]]]] = {}
    for link in links:
        source = by_iri[link.source]
        start = sum(source.row(prop) for prop in link.properties) / len(link.properties)
        for right in (True, False):
            targets = [by_iri[iri] for iri in link.targets if _goes_right(source, by_iri[iri], last) == right]
            if not targets:
                continue
            step = 1 if right else -1
            furthest = max(abs(target.column - source.column) for target in targets)
            at, height = source.column, start
            for distance in range(max(furthest, 1)):
                trunk = _Trunk(link)
                (trunk.left if right else trunk.right).append(height)
                near, far = (at, at + step)
                for target in targets:
                    if target.column == far or (distance == 0 and target.column == near):
                        on_right = (target.column == far) == right
                        ends = trunk.right_arrows if on_right else trunk.left_arrows
                        arrivals.setdefault((target.iri, on_right), []).append((height, ends))
                if distance + 1 < furthest:
                    height = lanes[link.source, link.targets, far]
                    (trunk.right if right else trunk.left).append(height)
                channels[max(near, far)].append(trunk)
                at = far
    for (iri, _), found in sorted(arrivals.items()):
        box = by_iri[iri]
        for rank, (_, ends) in enumerate(sorted(found, key=lambda one: one[0])):
            ends.append(box.y + box.head * (rank + 1) / (len(found) + 1))
    return channels


def _goes_right(source: Box, target: Box, last: int) -> bool:
    """Whether the line leaves its box on the right: within a column it does, but for the last, beside which is none."""
    return target.column > source.column or target.column == source.column != last


def _draw(
    columns: list[list[Box]], links: list[Link], channels: list[list[_Trunk]], lanes: Heights, height: float
) -> Layout:
    """Tracks, horizontal places, and the strokes."""
    lines = {(link.source, link.targets): Line(link) for link in links}
    x = float(EDGE)
    spans: list[tuple[float, float]] = []
    for number, boxes in enumerate(columns):
        if number:
            tracks = _tracks(channels[number])
            begin, x = x, x + 2 * EDGE + TRACK * max(len(tracks) - 1, 0)
            for rank, track in enumerate(tracks):
                for trunk in track:
                    _stroke(lines[trunk.link.source, trunk.link.targets], trunk, begin, begin + EDGE + TRACK * rank, x)
        width = max(box.text.width for box in boxes)
        for box in boxes:
            box.x, box.width = x, width
        spans.append((x, x + width))
        x += width
    for (source, targets, number), y in lanes.items():
        lines[source, targets].strokes.append((spans[number][0], y, spans[number][1], y))
    return Layout([box for boxes in columns for box in boxes], [*lines.values()], x + EDGE, height)


def _tracks(trunks: list[_Trunk]) -> list[list[_Trunk]]:
    """Trunks that do not meet share a track."""
    tracks: list[list[_Trunk]] = []
    for trunk in sorted(trunks, key=lambda one: (min(one.heights), max(one.heights))):
        free = (track for track in tracks if max(track[-1].heights) + LANE / 2 < min(trunk.heights))
        track = next(free, None)
        if track is None:
            tracks.append([trunk])
        else:
            track.append(trunk)
    return tracks


def _stroke(line: Line, trunk: _Trunk, begin: float, track: float, end: float) -> None:
    line.strokes.append((track, min(trunk.heights), track, max(trunk.heights)))
    line.strokes += [(begin, y, track, y) for y in (*trunk.left, *trunk.left_arrows)]
    line.strokes += [(track, y, end, y) for y in (*trunk.right, *trunk.right_arrows)]
    line.arrows += [(begin, y, False) for y in trunk.left_arrows] + [(end, y, True) for y in trunk.right_arrows]
