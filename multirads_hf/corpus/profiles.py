"""The five writers. A profile decides layout and length, never what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layout = Literal["prose", "lines", "bullets"]


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of radiologist writes.

    Attributes:
        key: name of the profile and of its voice in the lexicons.
        title: who it is.
        groups: the groups of voices whose phrases it shares.
        fillers: fewest and most sentences without findings in a block of normal anatomy.
        layout: how the sentences about a lesion are set.
        greedy: whether it prefers the sentence that says most at once.
        headings: styles of heading; ``{upper}`` or ``{title}`` stands for the name.
        labels: whether blocks of findings carry a label of their own.
        terse: chance that a section that says no finding is left out.
        millimetres: chance that lengths are given in mm rather than cm.
    """

    key: str
    title: str
    groups: tuple[str, ...]
    fillers: tuple[int, int]
    layout: tuple[Layout, ...]
    greedy: bool
    headings: tuple[str, ...]
    labels: bool
    terse: float
    millimetres: float


SECTIONS = ("indication", "technique", "comparison", "findings", "impression")
SECTION_NAMES = {
    "indication": ("indication", "clinical history", "clinical information", "history", "reason for exam"),
    "technique": ("technique", "procedure", "examination"),
    "comparison": ("comparison", "prior studies", "comparison studies"),
    "findings": ("findings", "report", "observations"),
    "impression": ("impression", "conclusion", "summary"),
}

PROFILES = (
    Profile("early_generalist", "early-career generalist", ("any", "generalist", "structured"), (2, 4),
            ("prose", "lines"), False, ("{upper}:\n", "{title}:\n"), True, 0.1, 0.5),
    Profile("mid_generalist", "mid-career generalist", ("any", "generalist", "prose"), (2, 3),
            ("prose",), False, ("{title}: ", "{upper}: "), False, 0.25, 0.3),
    Profile("early_subspecialist", "early-career subspecialist", ("any", "subspecialist", "structured"), (3, 5),
            ("lines", "bullets"), False, ("{upper}:\n", "{upper}\n"), True, 0.0, 0.8),
    Profile("senior_subspecialist", "senior subspecialist", ("any", "subspecialist", "short"), (1, 2),
            ("prose",), True, ("{title}: ", "{title}. "), False, 0.5, 0.6),
    Profile("senior_resident", "senior resident", ("any", "prose", "long"), (4, 6),
            ("prose", "prose", "lines"), False, ("{upper}:\n", "{title}:\n"), False, 0.0, 0.5),
)  # fmt: skip


def _headings(style: str) -> dict[str, tuple[str, ...]]:
    return {
        section: tuple(style.format(upper=name.upper(), title=name.capitalize()) for name in names)
        for section, names in SECTION_NAMES.items()
    }


# Profile -> its styles of heading -> section -> spellings, the usual one first.
HEADINGS = {profile.key: tuple(_headings(style) for style in profile.headings) for profile in PROFILES}
BY_KEY = {profile.key: profile for profile in PROFILES}
KEYS = tuple(BY_KEY)
GROUPS = ("any", "generalist", "subspecialist", "structured", "prose", "short", "long")
