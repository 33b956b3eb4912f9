"""Write a study as a report: the words are drawn, the findings are the study's, every fact has a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multirads_hf.corpus.choose import Chooser
from multirads_hf.corpus.lexicon import Block, Voice, voice
from multirads_hf.corpus.page import Page, Printed, Written, facts
from multirads_hf.corpus.profiles import BY_KEY, HEADINGS, SECTIONS, Profile
from multirads_hf.corpus.statement import Pool, Statement
from multirads_hf.draw import Draw
from multirads_hf.errors import LexiconError, shown
from multirads_hf.schema import Document, Study

# How often a report opens with a title, a heading has its usual name, and the exam gets a line of its own at the end.
TITLE_CHANCE, USUAL_HEADING_CHANCE, EXAM_LINE_CHANCE = 0.5, 0.5, 0.5
# How often the technique is told beyond what the study needs.
TECHNIQUE_CHANCE = 0.5
# How often the lesions of a multi-lesion report in prose, and the lines of an impression, are numbered.
NUMBERED_CHANCE, LIST_CHANCE = 0.7, 0.6
LESION_HEADS = ("{noun} {i}: ", "{noun} #{i}: ", "{i}. ", "{i}) ")
BETWEEN = {"prose": (" ", ""), "lines": ("\n", ""), "bullets": ("\n", "- ")}


class _Writer:
    """Writes one report section by section; ``open`` holds the bits of the exam-level fields not yet said."""

    def __init__(self, page: Page, voice: Voice, profile: Profile, chooser: Chooser) -> None:
        self.page, self.voice, self.profile, self.chooser = page, voice, profile, chooser
        self.study, self.draw = chooser.study, chooser.draw
        self.bits = chooser.bits(field for field in self.study if field != "lesions")
        self.open = sum(self.bits.values())
        self.layout = self.draw.pick(profile.layout)
        self.place = ""

    def turn(self, lesion: int, place: str) -> None:
        """Go on to a place of the report, about a lesion or about the exam (-1)."""
        self.page.turn(lesion)
        self.place = f"{place}{lesion}"
        self.draw.restart(self.place)

    def put(self, statements: Sequence[Statement], between: str = " ", bullet: str = "") -> None:
        """Print statements, separated."""
        before = bullet
        for place, statement in enumerate(statements):
            if before:
                self.page.parts.append(before)
            self.draw.restart("say", self.place, statement.mask or -place)
            self.say(statement)
            before = f"{between}{bullet}"

    def say(self, statement: Statement) -> None:
        """Print one statement, its first letter capital."""
        start = len(self.page.parts)
        self.page.put(statement.pieces)
        if not statement.begun:
            self.page.capital(start)

    def title(self) -> None:
        """Name the exam."""
        self.put(self.chooser.fillers(self.voice.pools["title"], 1, 1))
        if self.page.parts:
            self.page.parts.append("\n\n")

    def section(self, name: str) -> bool:
        """Write one of the short sections; return whether anything was written."""
        pool = self.voice.pools[name]
        self.turn(-1, name)
        chosen, self.open = self.chooser.about_exam(pool, self.bits, self.open)
        if not chosen and name != "indication" and self.draw.chance(self.profile.terse):
            return False
        if not chosen or (name == "technique" and self.draw.chance(TECHNIQUE_CHANCE)):
            chosen += self.chooser.fillers(pool, 1, 1)
        self.put(chosen)
        return bool(chosen)

    def findings(self) -> bool:
        """Write the findings: blocks of anatomy in the order of the lexicon, and the lesions."""
        apart = "\n" if self.profile.labels or self.layout != "prose" else self.draw.pick((" ", "\n", "\n\n"))
        parts = self.page.parts
        before = len(parts)
        for block in self.voice.blocks:
            start = len(parts)
            if start > before:
                parts.append(apart)
            done = self.lesions(apart) if block.pool is None else self.block(block, block.pool)
            if not done:
                del parts[start:]
        return len(parts) > before

    def block(self, block: Block, pool: Pool) -> bool:
        """Write one block of anatomy; return whether anything was written."""
        if block.asked & ~self.chooser.met:
            return False
        self.turn(-1, block.name)
        least, most = self.profile.fillers
        if block.most is not None:
            least, most = 0, min(most, block.most)
        least, most = max(least, block.least), max(most, block.least)
        chosen = self.chooser.fillers(pool, least, most)
        found, self.open = self.chooser.about_exam(pool, self.bits, self.open)
        chosen += found
        if chosen and block.label and self.profile.labels:
            self.page.parts.append(f"{block.label}: ")
        self.put(chosen)
        return bool(chosen)

    def lesions(self, apart: str) -> bool:
        """Write every lesion, each with one opening and as many sentences as its fields need."""
        lesions = self.study.get("lesions") or ()
        head = ""
        self.draw.restart("lesions")
        if len(lesions) > 1 and (self.layout != "prose" or self.draw.chance(NUMBERED_CHANCE)):
            head = self.draw.pick(LESION_HEADS)
        between, bullet = BETWEEN[self.layout]
        for place, lesion in enumerate(lesions):
            self.turn(place, "lesion")
            start = head.format(noun=self.voice.noun.capitalize(), i=place + 1)
            self.page.parts.append(f"{apart}{start}" if place else start)
            chosen, left = self.chooser.about_lesion(place)
            self.put(chosen, between, "" if head else bullet)
            self.finished(left, self.chooser.bits(lesion) if left else {}, "lesion")
        return bool(lesions)

    def finished(self, left: int, bits: Mapping[str, int], where: str) -> None:
        """Raise LexiconError when a field is left that no statement can say."""
        if left:
            field = next(name for name, bit in bits.items() if left & bit)
            study = shown(dict(self.study), 400)
            raise LexiconError(f"no {where} statement of {self.profile.key} says {field!r} of {study}.")

    def impression(self, printed: Printed | None) -> bool:
        """Write a line for each lesion, lines about the exam, and the printed category last."""
        self.draw.restart("lines")
        lines = self.lesion_lines()
        self.draw.restart("exam lines")
        lines += self.exam_lines(optional=bool(lines))
        self.draw.restart("numbered")
        numbered = len(lines) > 1 and self.draw.chance(LIST_CHANCE)
        for place, (lesion, statement) in enumerate(lines):
            self.line(place, lesion, statement, numbered)
        if printed is not None:
            self.page.random = printed.draw.random
            stated = self.voice.pools["stated"].plain
            self.line(len(lines), -1, printed.draw.pick(stated.own or stated.rest), numbered)
        return bool(lines) or printed is not None

    def line(self, place: int, lesion: int, statement: Statement, numbered: bool) -> None:
        """Print one line of the impression."""
        self.turn(lesion, f"impression{statement.mask}")
        between = "\n" if numbered else " "
        self.page.parts.append(f"{between if place else ''}{f'{place + 1}. ' if numbered else ''}")
        self.say(statement)

    def lesion_lines(self) -> list[tuple[int, Statement]]:
        """Choose one line for each lesion."""
        chosen = [self.chooser.summary(place) for place in range(len(self.study.get("lesions") or ()))]
        return [(place, statement) for place, statement in enumerate(chosen) if statement is not None]

    def exam_lines(self, optional: bool) -> list[tuple[int, Statement]]:
        """Choose the lines that are about the whole exam; unless they are optional there is at least one.

        A finding that is not what the rule takes for granted is never left out.
        """
        pool, fields = self.voice.pools["impression_exam"], self.voice.fields
        skipped = [optional and self.draw.chance(EXAM_LINE_CHANCE) for _ in self.bits]
        left = 0
        for (field, bit), skip in zip(self.bits.items(), skipped, strict=True):
            telling = fields[field].default not in (None, self.study[field])
            left |= bit if field in pool.saying and (telling or not skip) else 0
        chosen, _ = self.chooser.about_exam(pool, self.bits, left)
        if not chosen and not (optional and self.draw.chance(EXAM_LINE_CHANCE)):
            chosen = self.chooser.fillers(pool, 1, 1)
        return [(-1, statement) for statement in chosen]


def write(
    document: Document,
    study: Study,
    profile: str,
    world: Mapping[str, str],
    draw: Draw,
    *,
    unseen: bool = False,
    printed: Printed | None = None,
) -> Written:
    """Write a study as a report in the voice of a profile.

    Args:
        document: the RADS document.
        study: what is found; every field of it is said.
        profile: key of the writer.
        world: ``age, sex, person, he, his`` of the patient.
        draw: the stream of draws for the wording.
        unseen: use the phrases kept from all other splits.
        printed: the category to be printed, if any.

    Raises:
        LexiconError: the lexicon has no statement for a field of the study.
    """
    speaker, spoken = BY_KEY[profile], voice(document.key, profile, unseen)
    unit = ("mm" if draw.chance(speaker.millimetres) else "cm") if len(spoken.units) > 1 else spoken.units[0]
    world = {**world, **printed.words} if printed else world
    page = Page(draw.random, study, world, unit, spoken.words)
    writer = _Writer(page, spoken, speaker, Chooser(study, draw, spoken))
    if draw.chance(TITLE_CHANCE):
        writer.title()
    marks = _sections(writer, printed)
    writer.finished(writer.open, writer.bits, "exam-level")
    report, offsets = page.text()
    places = {name: (offsets[a], offsets[b]) for name, (a, b) in marks.items()}
    return Written(report, places, facts(page, offsets, spoken.fields))


def _sections(writer: _Writer, printed: Printed | None) -> dict[str, tuple[int, int]]:
    """Write all sections; return the first and one past the last piece of each body."""
    parts, draw = writer.page.parts, writer.draw
    headings = draw.pick(HEADINGS[writer.profile.key])
    marks = dict.fromkeys(SECTIONS, (0, 0))
    before = ""
    for name in SECTIONS:
        start = len(parts)
        draw.restart("heading", name)
        usual = draw.chance(USUAL_HEADING_CHANCE)
        parts.append(f"{before}{headings[name][0] if usual else draw.pick(headings[name])}")
        if name == "findings":
            done = writer.findings()
        elif name == "impression":
            done = writer.impression(printed)
        else:
            done = writer.section(name)
        if done:
            marks[name], before = (start + 1, len(parts)), "\n\n"
        else:
            del parts[start:]
    return marks
