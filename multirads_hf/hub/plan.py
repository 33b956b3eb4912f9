"""The plan of a publication: which files one commit adds, replaces and deletes, and whether it may."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from multirads_hf import __version__
from multirads_hf.errors import PublishError
from multirads_hf.hub.publication import Publication, Snapshot

Verb = Literal["add", "replace", "delete"]
# How the description of every commit begins that is made here.
SIGNATURE = "multirads-hf "
VERBS: tuple[Verb, ...] = ("add", "replace", "delete")
# What the Hub itself puts into a new repository, and how its card of a new Space goes on after the front matter.
_INITIAL = {".gitattributes", "README.md"}
_INITIAL_CARD = "Check out the configuration reference at https://huggingface.co/docs/hub/spaces-config-reference"
_UNITS = ("B", "kB", "MB", "GB")


@dataclass(frozen=True)
class Change:
    """What happens to one file; ``size`` is that of what is sent, in bytes."""

    verb: Verb
    path: str
    size: int = 0


@dataclass(frozen=True)
class Plan:
    """What one commit does, on top of ``base``; without a base the repository is created first."""

    publication: Publication
    user: str
    endpoint: str
    base: Snapshot | None
    changes: tuple[Change, ...] = ()

    @property
    def repo(self) -> str:
        """``OWNER/NAME``."""
        return self.publication.repo

    @property
    def is_private(self) -> bool:
        """Whether others cannot see the repository, or will not."""
        return self.publication.private if self.base is None else self.base.private

    @property
    def pending(self) -> bool:
        """Whether there is anything to send."""
        return self.base is None or bool(self.changes)

    @property
    def url(self) -> str:
        """The page of the repository."""
        return f"{self.endpoint}/{self.publication.address}"

    @property
    def description(self) -> str:
        """What the commit says below its title."""
        return f"{SIGNATURE}{__version__}, content {self.publication.digest}"

    def lines(self) -> Iterator[str]:
        """Yield the plan for a person: changes by folder, then their sum."""
        own = self.publication
        new = f"new, {'private' if own.private else 'public'}"
        state = new if self.base is None else "private" if self.base.private else "public"
        yield f"{own.kind} {own.repo} ({state}), as {self.user}: {self.url}"
        for (verb, folder), listed in _by_folder(self.changes).items():
            name = listed[0].path if len(listed) == 1 else f"{folder}/ ({len(listed)} files)"
            yield f"  {verb:<8} {name}  {_bytes(sum(change.size for change in listed))}".rstrip()
        yield f"  {self._sum()}"

    def to_json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        own = self.publication
        changes = [{"verb": change.verb, "path": change.path, "size": change.size} for change in self.changes]
        return {
            "repo": own.repo, "kind": own.kind, "url": self.url, "user": self.user, "new": self.base is None,
            "private": self.is_private, "digest": own.digest,
            "parent": self.base.commit if self.base else None, "changes": changes,
            "unchanged": self.unchanged, "others": self.others,
        }  # fmt: skip

    def _sum(self) -> str:
        kept = f"{self.unchanged} unchanged, {self.others} not ours"
        if not self.changes:
            return f"nothing to change: {kept}"
        counted = Counter(change.verb for change in self.changes)
        done = ", ".join(f"{counted[verb]} to {verb}" for verb in VERBS if counted[verb])
        return f"{done}, {kept}; {_bytes(sum(change.size for change in self.changes))} in one commit"

    @property
    def unchanged(self) -> int:
        """Number of files that are there already."""
        sent = {change.path for change in self.changes}
        return sum(path not in sent for path in self.publication.files)

    @property
    def others(self) -> int:
        """Number of files that stay because they are no part of the publication."""
        return sum(not self.publication.owns(path) for path in self.base.files) if self.base else 0


def changes(publication: Publication, files: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what turns ``files``, path -> id, into the publication."""
    own = publication.files
    sent = [
        Change("replace" if path in files else "add", path, content.size)
        for path, content in sorted(own.items())
        if not content.is_at(files.get(path))
    ]
    gone = [Change("delete", path) for path in sorted(files) if path not in own and publication.owns(path)]
    return (*sent, *gone)


def require_ours(publication: Publication, there: Snapshot, read: Callable[[str], str]) -> None:
    """Check that nothing is replaced or deleted but an earlier publication.

    Raises:
        PublishError: the repository holds something else, or it is public and a private one was wanted.
    """
    if publication.private and not there.private:
        raise PublishError(f"{publication.where}: it is public already. Allowed: to publish without --private.")
    touched = [change.path for change in changes(publication, there.files) if change.verb != "add"]
    path, text = publication.mark
    if not touched or publication.overwrite or is_initial(there, read):
        return
    if path not in there.files or text not in read(path):
        raise PublishError(
            f"{publication.where}: it holds {touched[0]!r}, which is no earlier publication of this kind. "
            "Allowed: a repository of its own, or --overwrite."
        )


def is_initial(there: Snapshot, read: Callable[[str], str]) -> bool:
    """Whether a repository holds no more than what the Hub puts into a new one."""
    if set(there.files) - _INITIAL:
        return False
    card = read("README.md") if "README.md" in there.files else ""
    body = card.split("---\n", 2)[-1] if card.startswith("---\n") else card
    return body.strip() in ("", _INITIAL_CARD)


def require_mergeable(plan: Plan, now: Snapshot) -> None:
    """Check that commits since the plan was made have not touched what it changes; all else of them is kept.

    Raises:
        PublishError: somebody else has changed a file of the publication, to something that is not in it.
    """
    own = plan.publication
    path = _edited(own, plan.base.files if plan.base else {}, now.files)
    if path is not None:
        raise PublishError(
            f"{own.where}: somebody else changed {path!r} meanwhile (commit {now.commit[:8]}); nothing was sent. "
            "The same command shows the plan against what is there now."
        )


def require_unedited(publication: Publication, published: Snapshot, now: Snapshot) -> None:
    """Check that nobody has edited by hand what was published last.

    Raises:
        PublishError: a file of the publication is not as it was published, nor as it would be now.
    """
    path = _edited(publication, published.files, now.files)
    if path is not None and not publication.overwrite:
        raise PublishError(
            f"{publication.where}: {path!r} was edited on the Hub after it was published (commit "
            f"{published.commit[:8]}). Allowed: --overwrite, which keeps the edit in the history alone."
        )


def _edited(publication: Publication, before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    """Return the first file of the publication that somebody changed, to something that is not in it."""
    for path in sorted({*now, *before}):
        ours = publication.files.get(path)
        agreed = path not in now if ours is None else ours.is_at(now.get(path))
        if publication.owns(path) and now.get(path) != before.get(path) and not agreed:
            return path
    return None


def _by_folder(listed: tuple[Change, ...]) -> dict[tuple[Verb, str], list[Change]]:
    found: dict[tuple[Verb, str], list[Change]] = defaultdict(list)
    for change in listed:
        folder = change.path.rpartition("/")[0]
        found[change.verb, folder or change.path].append(change)
    return found


def _bytes(number: float) -> str:
    for unit in _UNITS:
        if number < 1000 or unit == _UNITS[-1]:
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
