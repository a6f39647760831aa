"""Charts as plain SVG, made here: bars side by side and on top of each other; each has a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 720
HEIGHT: Final = 220
FOOT: Final = 40
KINDS: Final = ("a", "b", "c")


@dataclass(frozen=True)
class Bar:
    """One bar: what stands under it, and its parts from the foot up."""

    label: str
    parts: tuple[float, ...]


def bars(title: str, found: Sequence[Bar]) -> Markup:
    """Bars with their numbers on top; empty for none."""
    highest = max((sum(bar.parts) for bar in found), default=0)
    if not highest:
        return Markup()
    step = WIDTH / len(found)
    drawn = [_bar(bar, number * step, step, highest) for number, bar in enumerate(found)]
    return Markup(  # noqa: S704 - every text in it was escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(title)}">{"".join(drawn)}'
        f'<line x1="0" x2="{WIDTH}" y1="{HEIGHT - FOOT}" y2="{HEIGHT - FOOT}"/></svg>'
    )


def _bar(bar: Bar, left: float, step: float, highest: float) -> str:
    room, foot, drawn = HEIGHT - FOOT - 20, float(HEIGHT - FOOT), []
    width = min(step * 0.7, 60)
    middle = left + step / 2
    for kind, part in zip(KINDS, bar.parts, strict=False):
        high = part / highest * room
        foot -= high
        x = f"{middle - width / 2:.1f}"
        drawn.append(
            f'<rect class="{kind}" x="{x}" y="{foot:.1f}" width="{width:.1f}" height="{high:.1f}"/>'
        )
    total = f"{sum(bar.parts):g}"
    drawn.append(f'<text x="{middle:.1f}" y="{foot - 5:.1f}" text-anchor="middle">{total}</text>')
    drawn.append(
        f'<text x="{middle:.1f}" y="{HEIGHT - 15}" text-anchor="middle">{escape(bar.label)}</text>'
    )
    return "".join(drawn)
