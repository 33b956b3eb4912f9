"""What is to be published, and what stands on the Hub: files, repositories and their contents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from hashlib import sha1, sha256
from pathlib import Path
from typing import Literal

Kind = Literal["model", "dataset", "space"]
_ADDRESSES = {"model": "", "dataset": "datasets/", "space": "spaces/"}


@dataclass(frozen=True)
class Content:
    """The content of one file: a file on disk, or bytes."""

    source: Path | bytes

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size

    @cached_property
    def sha256(self) -> str:
        """The hash by which the Hub names a large file."""
        return sha256(self._read()).hexdigest()

    @cached_property
    def blob(self) -> str:
        """The hash by which git names a file that is stored as it is."""
        content = self._read()
        return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()

    def is_at(self, oid: str | None) -> bool:
        """Whether the file that the Hub names ``oid`` (SHA-256 of a large one, git's hash of another) is this one."""
        return oid in (self.sha256, self.blob)

    def text(self) -> str:
        """Return the content as text."""
        return self._read().decode("utf-8")

    def _read(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


@dataclass(frozen=True)
class Snapshot:
    """A repository as it stood at one commit.

    Attributes:
        commit: id of the commit.
        private: whether others cannot see the repository.
        files: path -> SHA-256 of a large file, git's hash of another.
    """

    commit: str
    private: bool
    files: Mapping[str, str]


@dataclass(frozen=True)
class Publication:
    """What is to be published.

    Attributes:
        repo: ``OWNER/NAME``.
        kind: kind of repository.
        files: path in the repository -> content.
        owned: patterns of further paths that belong to the publication: what is there and not in ``files`` goes.
        mark: a path and a text in it, by which a repository is known to hold an earlier publication.
        title: first line of the commit.
        private: whether a new repository is one that others cannot see.
        overwrite: replace files that are no earlier publication.
        sdk: what runs a Space.
        rebased: returns the publication against what stands in the repository, where that decides what is in it.
    """

    repo: str
    kind: Kind
    files: Mapping[str, Content]
    owned: tuple[str, ...]
    mark: tuple[str, str]
    title: str
    private: bool = False
    overwrite: bool = False
    sdk: str | None = None
    rebased: Callable[[Snapshot | None], Publication] | None = None

    def on(self, there: Snapshot | None) -> Publication:
        """Return the publication against what stands in the repository, None for one that is yet to be made."""
        return self.rebased(there) if self.rebased else self

    @property
    def where(self) -> str:
        """How messages name the repository."""
        return f"publish {self.kind} {self.repo}"

    @property
    def address(self) -> str:
        """The path of its page on the Hub."""
        return f"{_ADDRESSES[self.kind]}{self.repo}"

    def owns(self, path: str) -> bool:
        """Whether a path belongs to the publication; all others are left alone."""
        return path in self.files or any(fnmatch(path, pattern) for pattern in self.owned)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the paths and contents: the same for the same publication."""
        listed = "".join(f"{content.sha256}  {path}\n" for path, content in sorted(self.files.items()))
        return sha256(listed.encode()).hexdigest()
