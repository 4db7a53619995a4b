"""The style guide of the site, for those who build its pages: type, spaces, colours with their contrast, answers, and words.

It is read from `static/site.css` while the site is built, so it shows what pages use. No page links to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from comity.site.badge import LETTERS, WORDS
from comity.site.site import Site
from comity.site.site_page import SitePage
from comity.site.words import NAMES

FILE = Path(__file__).parent / "static" / "site.css"
LEAST = 4.5  # the contrast of text that WCAG 2.2 asks for at level AA
# The colours of text, and the grounds on which pages have them.
TEXTS = ("ink", "soft", "link", "must", "must-not", "may", "depends", "focus")
GROUNDS = ("ground", "raised", "mark")
ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
PROPERTY = re.compile(r"--([\w-]+): ([^;]+);")
RULE = re.compile(r"^\s*(\.[^{}@]+?) \{([^{}]*)\}", re.MULTILINE)
COLOUR = re.compile(r"(?<![\w-])(color|background): ([^;]+);")
WITHOUT_HASH = slice(1, None)
# From the definition of relative luminance in WCAG 2.2.
LINEAR_UP_TO, WEIGHTS, FLARE = 0.04045, (0.2126, 0.7152, 0.0722), 0.05


class Pair(Struct, frozen=True):
    """Text on a ground: where it is used, both colours by name, and of each scheme the two colours with their contrast."""

    use: str
    text: str
    ground: str
    light: tuple[str, str, float]
    dark: tuple[str, str, float]


def style_pages(site: Site) -> Iterator[SitePage]:
    """The page of the style guide."""
    css = FILE.read_text(encoding="utf-8")
    light, _ = schemes_of(css)
    yield SitePage(
        path="style/",
        template="style.html",
        title="Style guide",
        values={
            "least": LEAST,
            "sizes": [(name, value) for name, value in light.items() if name.startswith("t-")],
            "spaces": [(name, value) for name, value in light.items() if re.fullmatch(r"s\d", name)],
            "pairs": pairs_of(css),
            "answers": [(outcome, WORDS[outcome]) for outcome in LETTERS],
            "names": NAMES,
        },
    )


def schemes_of(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """The variables of the light scheme and of the dark one, by name without the dashes."""
    found = [dict(PROPERTY.findall(block)) for block in ROOT.findall(css)[:2]]
    return found[0], {**found[0], **found[1]}


def pairs_of(css: str) -> list[Pair]:
    """Every pair of text and ground: texts on the grounds of pages, and each rule that sets both."""
    schemes = schemes_of(css)
    pairs = [("text", text, ground) for ground in GROUNDS for text in TEXTS]
    pairs += [(selector, *colours) for selector, colours in rules_with_both(css)]
    return [
        Pair(use, text, ground, *(_contrasted(text, ground, scheme) for scheme in schemes))
        for use, text, ground in pairs
    ]


def rules_with_both(css: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The rules about a class that set a colour of text and a ground, with both."""
    for selector, body in RULE.findall(css):
        colours = {name: value.removeprefix("var(--").removesuffix(")") for name, value in COLOUR.findall(body)}
        if {"color", "background"} <= set(colours) and colours["background"] != "transparent":
            yield " ".join(selector.split()), (colours["color"], colours["background"])


def _contrasted(text: str, ground: str, scheme: dict[str, str]) -> tuple[str, str, float]:
    one, other = (scheme.get(name, name) for name in (text, ground))
    return one, other, round(contrast(one, other), 2)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as `#1d1f24`, from 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + FLARE) / (darker + FLARE)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1."""
    digits = colour[WITHOUT_HASH]
    if len(digits) == len("fff"):
        digits = "".join(digit * 2 for digit in digits)
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = (share / 12.92 if share <= LINEAR_UP_TO else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * share for weight, share in zip(WEIGHTS, linear, strict=True))
