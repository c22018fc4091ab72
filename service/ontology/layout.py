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
APART, BRACKET = 2.5, 6  # the least between two lines side by side; the bracket that holds rows together
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
    channels = _Channels(heights)
    for link in diagram.links:
        source = by_iri[link.source]
        for step in (1, -1):
            side = [by_iri[iri] for iri in link.targets if _side(source, by_iri[iri], len(columns) - 1) == step]
            if side:
                channels.route(link, source, side, step)
    channels.arrive(by_iri)
    return _draw(columns, diagram.links, channels.trunks, heights, height)


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
    """Gives each box its height on the page; returns the height of the whole."""
    tops: list[float] = []
    for number, boxes in enumerate(columns):
        y = float(EDGE)
        for at, box in enumerate(boxes):
            y += LANE * len(lanes.get((number, at), ())) + (GAP if at else 0)
            box.y = y
            y += box.height
        tops.append(y - EDGE + LANE * len(lanes.get((number, len(boxes)), ())))
    return max(tops) + 2 * EDGE


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


@dataclass
class _Channels:
    """Channel → its trunks, channel 1 between the columns 0 and 1; arrivals wait until all that end there are known."""

    lanes: Heights
    trunks: dict[int, list[_Trunk]] = field(default_factory=dict)
    arrivals: dict[tuple[str, int], list[tuple[float, list[float]]]] = field(default_factory=dict)

    def route(self, link: Link, source: Box, targets: list[Box], step: int) -> None:
        """Leads a link from its rows to targets on one side: step is 1 for the right, -1 for the left."""
        here = sum(source.row(prop) for prop in link.properties) / len(link.properties)
        furthest = max(abs(target.column - source.column) for target in targets)
        for distance in range(max(furthest, 1)):
            near = source.column + step * distance
            far, number = near + step, max(near, near + step)
            trunk = _Trunk(link)
            self.trunks.setdefault(number, []).append(trunk)
            (trunk.left if step > 0 else trunk.right).append(here)
            for target in targets:
                if target.column == far or (distance == 0 and target.column == near):
                    ends = trunk.right_arrows if target.column == number else trunk.left_arrows
                    self.arrivals.setdefault((target.iri, number), []).append((here, ends))
            if distance + 1 < furthest:
                here = self.lanes[link.source, link.targets, far]
                (trunk.right if step > 0 else trunk.left).append(here)

    def arrive(self, by_iri: Mapping[str, Box]) -> None:
        """Spreads the ends over the heads of the boxes, apart from every other line of the channel."""
        for (iri, number), found in sorted(self.arrivals.items()):
            box = by_iri[iri]
            for rank, (_, ends) in enumerate(sorted(found, key=lambda one: one[0])):
                taken = [height for trunk in self.trunks[number] for height in trunk.heights]
                y = box.y + box.head * (rank + 1) / (len(found) + 1)
                while any(abs(y - height) < APART for height in taken):
                    y += 1
                ends.append(y)


def _side(source: Box, target: Box, last: int) -> int:
    """1 where the line leaves its box on the right: within a column it does, but for the last, which has none there."""
    return 1 if target.column > source.column or target.column == source.column != last else -1


def _draw(
    columns: list[list[Box]], links: list[Link], channels: Mapping[int, list[_Trunk]], lanes: Heights, height: float
) -> Layout:
    """Tracks, horizontal places, and the strokes."""
    lines = {(link.source, link.targets): Line(link) for link in links}
    x = float(EDGE)
    spans: list[tuple[float, float]] = []
    for number, boxes in enumerate(columns):
        if number:
            tracks = _tracks(channels.get(number, []))
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
    placed = {box.iri: box for boxes in columns for box in boxes}
    for line in lines.values():
        if len(line.link.properties) > 1:
            _bracket(line, placed[line.link.source])
    return Layout([*placed.values()], [*lines.values()], x + EDGE, height)


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


def _bracket(line: Line, box: Box) -> None:
    """Holds the rows of a line together, inside the box on the side where it leaves; the line begins at the bracket."""
    heights = [box.row(prop) for prop in line.link.properties]
    middle = sum(heights) / len(heights)
    for edge, inner in ((box.x, box.x + BRACKET), (box.x + box.width, box.x + box.width - BRACKET)):
        if any(edge in (x1, x2) and y1 == y2 == middle for x1, y1, x2, y2 in line.strokes):
            line.strokes += [
                (inner, min(heights) - BRACKET, inner, max(heights) + BRACKET),
                (min(edge, inner), middle, max(edge, inner), middle),
            ]
