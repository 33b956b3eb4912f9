"""What the local Hub keeps: accounts, and repositories as chains of commits, all in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from hashlib import sha1, sha256
from typing import Any

import yaml

# What the Hub itself puts into a new repository.
ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
SPACE_CARD = """---
title: Space
sdk: {sdk}
---

Check out the configuration reference at https://huggingface.co/docs/hub/spaces-config-reference
"""
PREFIXES = {"model": "", "dataset": "datasets/", "space": "spaces/"}
EVAL_KEYS = ("name", "description", "evaluation_framework", "tasks")


class Refusal(Exception):
    """An answer that is not 2xx: status, message, the Hub's code for it."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(frozen=True)
class Account:
    """Who a token belongs to. ``role`` is that of the token: read, write or fineGrained."""

    name: str
    role: str = "write"
    orgs: tuple[str, ...] = ()

    def may_write(self, repo: str) -> bool:
        return self.role != "read" and repo.split("/", maxsplit=1)[0] in (self.name, *self.orgs)


@dataclass(frozen=True)
class File:
    """One file of one commit."""

    content: bytes
    lfs: bool = False

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def pointer(self) -> bytes:
        version = "version https://git-lfs.github.com/spec/v1"
        return f"{version}\noid sha256:{self.sha256}\nsize {len(self.content)}\n".encode()

    @property
    def blob(self) -> str:
        """The id that git gives the file, of an LFS file that of its pointer."""
        kept = self.pointer if self.lfs else self.content
        return sha1(b"blob %d\0" % len(kept) + kept).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.lfs else self.blob

    def described(self, path: str) -> dict[str, Any]:
        lfs = {"oid": self.sha256, "size": len(self.content), "pointerSize": len(self.pointer)}
        own = {"type": "file", "path": path, "size": len(self.content), "oid": self.blob}
        return own | ({"lfs": lfs} if self.lfs else {})


@dataclass(frozen=True)
class Commit:
    """The whole tree after one commit."""

    parent: str | None
    title: str
    author: str
    files: Mapping[str, File]
    description: str = ""

    @property
    def oid(self) -> str:
        tree = {path: file.blob for path, file in sorted(self.files.items())}
        return sha1(json.dumps([self.parent, self.title, self.description, self.author, tree]).encode()).hexdigest()

    def text(self, path: str) -> str:
        return self.files[path].content.decode()


@dataclass
class Discussion:
    """A discussion, or a pull request on the branch ``refs/pr/<number>``."""

    number: int
    title: str
    author: str
    pull_request: bool
    status: str = "open"
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.pull_request and self.status in ("open", "draft")

    def happened(self, kind: str, author: str, **content: Any) -> None:
        own = {"id": f"{self.number}-{len(self.events)}", "type": kind, "createdAt": NOW, "author": {"name": author}}
        self.events.append({**own, "data": content})


NOW = "2026-01-01T00:00:00.000Z"


@dataclass
class Repo:
    """A model, dataset or Space: every commit, and where its branches and tags point."""

    kind: str
    name: str
    private: bool = False
    gated: bool = False
    sdk: str | None = None
    members: tuple[str, ...] = ()
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    discussions: list[Discussion] = field(default_factory=list)

    def __post_init__(self) -> None:
        card = {"README.md": File(SPACE_CARD.format(sdk=self.sdk).encode())} if self.kind == "space" else {}
        self.add("main", Commit(None, "initial commit", "hub", {".gitattributes": File(ATTRIBUTES), **card}))

    @property
    def head(self) -> Commit:
        return self.commits[self.refs["main"]]

    def add(self, ref: str, commit: Commit) -> Commit:
        self.commits[commit.oid] = commit
        self.refs[ref] = commit.oid
        return commit

    def log(self, revision: str = "main") -> list[Commit]:
        """The commits of a revision, the newest first."""
        found, oid = [], self.at(revision).oid
        while oid is not None:
            found.append(self.commits[oid])
            oid = self.commits[oid].parent
        return found

    def at(self, revision: str) -> Commit:
        oid = {**self.tags, **self.refs}.get(revision, revision)
        if oid not in self.commits:
            raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return self.commits[oid]

    def file(self, revision: str, path: str) -> File:
        files = self.at(revision).files
        if path not in files:
            raise Refusal(404, "Entry not found", "EntryNotFound")
        return files[path]

    def push(
        self, author: str, files: Mapping[str, bytes], *, title: str = "a commit", delete: Iterable[str] = ()
    ) -> Commit:
        """Commit past the HTTP interface, as somebody else would."""
        kept = {path: file for path, file in self.head.files.items() if path not in set(delete)}
        added = {path: File(content, path.endswith(".parquet")) for path, content in files.items()}
        return self.add("main", Commit(self.head.oid, title, author, {**kept, **added}))

    def commit(
        self, ref: str, lines: list[dict[str, Any]], author: str, lfs: Mapping[str, bytes], create_pr: bool
    ) -> tuple[Commit, Discussion | None]:
        """Apply the NDJSON lines of a commit. Nothing is changed unless all of it can be."""
        header = lines[0]["value"]
        base = self.at(ref)
        if create_pr:
            base = self.commits[header.get("parentCommit", base.oid)]
        elif header.get("parentCommit", base.oid) != base.oid:
            raise Refusal(412, "A commit has happened since. Please refresh and try again.")
        files = dict(base.files)
        for line in lines[1:]:
            _apply(files, line["key"], line["value"], lfs)
        _validate(files)
        made = Commit(base.oid, header["summary"], author, files, header.get("description", ""))
        request = self.open(header["summary"], author, pull_request=True) if create_pr else None
        self.add(f"refs/pr/{request.number}" if request else ref, made)
        if request:
            request.happened("commit", author, subject=made.title, oid=made.oid)
        return made, request

    def request(self, revision: str) -> Discussion | None:
        """The open pull request whose branch this is, None for any other revision."""
        return next((own for own in self.discussions if revision == f"refs/pr/{own.number}" and own.is_open), None)

    def eval_results(self) -> list[dict[str, Any]]:
        """What main says in ``.eval_results/*.yaml``, an error for a file that is none."""
        found: list[dict[str, Any]] = []
        for path, file in sorted(self.head.files.items()):
            if fnmatch(path, ".eval_results/*.yaml"):
                about = {"filename": path}
                try:
                    items = yaml.safe_load(file.content)
                    found += [about | {"verified": False, "data": _checked_result(item)} for item in items]
                except (yaml.YAMLError, KeyError, TypeError) as error:
                    found.append(about | {"error": f"Invalid: {error!r}"})
        return found

    def open(self, title: str, author: str, *, pull_request: bool, text: str = "") -> Discussion:
        found = Discussion(len(self.discussions) + 1, title, author, pull_request)
        found.happened("comment", author, edited=False, hidden=False, latest={"raw": text})
        self.discussions.append(found)
        if pull_request:
            self.refs[f"refs/pr/{found.number}"] = self.head.oid
        return found

    def merge(self, request: Discussion, author: str) -> None:
        """Put what a pull request changed on top of main."""
        top = self.at(f"refs/pr/{request.number}")
        own = self.log(top.oid)
        base = next(commit for commit in own if commit in self.log())
        changed = {path: file for path, file in top.files.items() if base.files.get(path) != file}
        kept = {path: file for path, file in self.head.files.items() if path in top.files or path not in base.files}
        self.add("main", Commit(self.head.oid, f"{request.title} (#{request.number})", author, {**kept, **changed}))
        request.status = "merged"
        request.happened("status-change", author, status="merged")

    def entries(self, revision: str, folder: str, recursive: bool) -> Iterator[dict[str, Any]]:
        """Files and folders below ``folder``, as ``tree`` lists them."""
        below = f"{folder}/" if folder else ""
        files = self.at(revision).files
        inside = [path for path in sorted(files) if path.startswith(below)]
        if folder and not inside:
            raise Refusal(404, f"{folder} does not exist on {revision}", "EntryNotFound")
        seen: set[str] = set()
        for path in inside:
            parts = path.removeprefix(below).split("/")
            for depth in range(1, len(parts) if recursive else min(len(parts), 2)):
                name = below + "/".join(parts[:depth])
                if name not in seen:
                    seen.add(name)
                    yield {"type": "directory", "path": name, "oid": sha1(name.encode()).hexdigest(), "size": 0}
            if recursive or len(parts) == 1:
                yield files[path].described(path)


def _apply(files: dict[str, File], key: str, value: dict[str, Any], lfs: Mapping[str, bytes]) -> None:
    from base64 import b64decode

    path = value["path"]
    if key == "file":
        files[path] = File(b64decode(value["content"]))
    elif key == "lfsFile":
        if value["oid"] not in lfs:
            raise Refusal(400, f"LFS object {value['oid']} of {path} was never uploaded")
        files[path] = File(lfs[value["oid"]], lfs=True)
    elif key == "deletedFile":
        if files.pop(path, None) is None:
            raise Refusal(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
    elif key == "deletedFolder":
        for inside in [name for name in files if name.startswith(path.rstrip("/") + "/")]:
            del files[inside]
    else:
        raise Refusal(400, f"unknown line {key}")


def _checked_result(item: dict[str, Any]) -> dict[str, Any]:
    """Return an entry; a KeyError or TypeError where it lacks what the format requires."""
    if not all(isinstance(item["dataset"][name], str) for name in ("id", "task_id")):
        raise TypeError("dataset.id and dataset.task_id are text")
    if not isinstance(item["value"], (int, float)) or not isinstance(item.get("date", ""), str):
        raise TypeError("value is a number, date is text")
    if "source" in item and not item["source"]["url"]:
        raise KeyError("source.url")
    return item


def _validate(files: Mapping[str, File]) -> None:
    """Refuse what the Hub refuses at a push: an ``eval.yaml`` of another shape."""
    if "eval.yaml" not in files:
        return
    written = yaml.safe_load(files["eval.yaml"].content)
    missing = [key for key in EVAL_KEYS if not written.get(key)]
    missing += ["tasks[].id" for task in written.get("tasks", ()) if not task.get("id")]
    if missing:
        raise Refusal(400, f"Invalid eval.yaml: {missing} required")
