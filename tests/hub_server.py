"""A Hub on this machine, for the real ``huggingface_hub``, ``datasets`` and ``evaluate`` clients.

    with HubServer({"hf_alice": Account("alice")}) as hub:
        environment = {"HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_alice"}

``huggingface_hub`` reads both variables when it is imported, so a client is a process of its own, or an
``HfApi(endpoint=hub.url, token=...)``. Xet is not spoken: clients that have ``hf_xet`` need
``HF_HUB_DISABLE_XET=1``, or a server with ``lfs=False``, which takes every file as a regular one.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.server import ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote

from hub_discussions import Discussions
from hub_http import FILES, KIND, REPO, Fault, Handler, Reply, Request, route
from hub_repos import NOW, PREFIXES, Account, Commit, File, Refusal, Repo


class HubServer(Discussions):
    """The server. ``repos`` and ``accounts`` may be read and changed while it runs."""

    def __init__(self, accounts: Mapping[str, Account] = (), *, lfs: bool = True, page: int = 1000) -> None:  # type: ignore[assignment]
        self.accounts = dict(accounts)
        self.lfs, self.page = lfs, page
        self.repos: dict[tuple[str, str], Repo] = {}
        self.objects: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self.connections: set[socket.socket] = set()
        self.lock = RLock()

    def __enter__(self) -> HubServer:
        self.start()
        return self

    def start(self, port: int = 0) -> None:
        """Listen, after ``stop`` with all that was there before."""
        self.http = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), {"hub": self}))
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End like a machine that loses its power: open connections break, and new ones are refused."""
        self.http.shutdown()
        self.http.server_close()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def fail(self, method: str, path: str, status: int = 0, **how: Any) -> None:
        """Let the next request (``times``) of this method whose path holds the pattern go wrong."""
        self.faults.append(Fault(method, path, status, **how))

    def create(self, kind: str, name: str, **how: Any) -> Repo:
        return self.repos.setdefault((kind, name), Repo(kind, name, **how))

    def commits(self, kind: str, name: str) -> list[Commit]:
        """Commits of ``main`` after the initial one, the newest first."""
        return self.repos[kind, name].log()[:-1]

    # Who and what

    def pushed(self, request: Request) -> Repo:
        """The repository of a commit: a new pull request is anybody's, an open one its author's."""
        if "create_pr" in request.query:
            return self.repo(request)
        own = self.repo(request).request(request.revision)
        return self.repo(request, write=own is None or request.account is None or own.author != request.account.name)

    def repo(self, request: Request, *, write: bool = False, content: bool = False) -> Repo:
        kind = request.found.get("kind") or {v: k for k, v in PREFIXES.items()}[request.found["prefix"]]
        found, account = self.repos.get((kind, request.found["repo"])), request.account
        if found is None or (found.private and not (account and account.name in self.readers(found))):
            raise Refusal(404 if account else 401, "Repository not found", "RepoNotFound")
        if content and found.gated and not (account and account.name in self.readers(found)):
            raise Refusal(403, "Access to this resource is restricted", "GatedRepo")
        if write and (account is None or not account.may_write(found.name)):
            raise Refusal(403, "You don't have the required permissions to perform this action")
        return found

    def readers(self, repo: Repo) -> list[str]:
        space = repo.name.split("/")[0]
        return [space, *repo.members, *(a.name for a in self.accounts.values() if space in a.orgs)]

    @route("GET", r"/api/whoami-v2")
    def whoami(self, request: Request) -> Any:
        account = request.account
        if account is None:
            raise Refusal(401, "Invalid username or password.")
        orgs = [{"type": "org", "name": name, "roleInOrg": "write"} for name in account.orgs]
        token = {"displayName": "token", "role": account.role}
        return {"type": "user", "name": account.name, "orgs": orgs, "auth": {"accessToken": token}}

    @route("POST", r"/api/repos/create")
    def create_repo(self, request: Request) -> Any:
        given, account = request.json, request.account
        if account is None:
            raise Refusal(401, "Invalid username or password.")
        kind, name = given.get("type", "model"), f"{given.get('organization') or account.name}/{given['name']}"
        if not account.may_write(name):
            raise Refusal(403, f"You don't have the rights to create a {kind} under this namespace")
        url = f"{self.url}/{PREFIXES[kind]}{name}"
        if (kind, name) in self.repos:
            return Reply({"error": f"You already created this {kind} repo", "url": url}, 409)
        private = given.get("visibility") == "private" or bool(given.get("private"))
        self.create(kind, name, private=private, sdk=given.get("sdk"))
        return {"url": url, "name": name}

    @route("DELETE", r"/api/repos/delete")
    def delete_repo(self, request: Request) -> Any:
        kind, name = request.json.get("type", "model"), f"{request.json['organization']}/{request.json['name']}"
        request.found = {"kind": kind, "repo": name}
        self.repo(request, write=True)
        del self.repos[kind, name]
        return {}

    @route("PUT", rf"/api/{KIND}/{REPO}/settings")
    def settings(self, request: Request) -> Any:
        repo, given = self.repo(request, write=True), request.json
        if "private" in given or "visibility" in given:
            repo.private = bool(given.get("private")) or given.get("visibility") == "private"
        repo.gated = bool(given.get("gated", repo.gated))
        return given

    # Reading

    @route("GET", rf"/api/{KIND}/{REPO}(?:/revision/(?P<revision>[^/]+))?")
    def info(self, request: Request) -> Any:
        repo = self.repo(request)
        commit = repo.at(unquote(request.found["revision"] or "main"))
        files = [
            {"rfilename": path, **({"size": len(f.content), "blobId": f.blob} if "blobs" in request.query else {})}
            for path, f in sorted(commit.files.items())
        ]
        own = {"id": repo.name, "author": repo.name.split("/")[0], "sha": commit.oid, "private": repo.private}
        if "evalResults" in request.lists.get("expand", ()):
            return {"_id": "0", "id": repo.name, "evalResults": repo.eval_results()}
        more = {"gated": "auto" if repo.gated else False, "disabled": False, "sdk": repo.sdk, "tags": []}
        return {**own, **more, "siblings": files, "lastModified": NOW, "createdAt": NOW, "downloads": 0, "likes": 0}

    @route("GET", rf"/api/{KIND}/{REPO}/tree/(?P<revision>[^/]+)(?:/(?P<path>.*))?")
    def tree(self, request: Request) -> Any:
        repo, start = self.repo(request, content=True), int(request.query.get("cursor", 0))
        recursive = request.query.get("recursive", "").lower() in ("true", "1")
        entries = list(repo.entries(request.revision, unquote(request.found["path"] or "").strip("/"), recursive))
        stop = start + self.page
        below = f"/{request.found['path']}" if request.found["path"] else ""
        own = f"{self.url}/api/{repo.kind}s/{repo.name}/tree/{request.found['revision']}{below}"
        more = f'<{own}?recursive={recursive}&cursor={stop}>; rel="next"'
        return Reply(entries[start:stop], headers={"Link": more} if stop < len(entries) else {})

    @route("POST", rf"/api/{KIND}/{REPO}/paths-info/(?P<revision>[^/]+)")
    def paths_info(self, request: Request) -> Any:
        repo = self.repo(request, content=True)
        entries = {entry["path"]: entry for entry in repo.entries(request.revision, "", recursive=True)}
        try:
            paths = request.json["paths"]
        except ValueError:
            paths = parse_qs(request.body.decode())["paths"]
        return [entries[path] for path in ([paths] if isinstance(paths, str) else paths) if path in entries]

    @route("GET", rf"/api/{KIND}/{REPO}/refs")
    def refs(self, request: Request) -> Any:
        repo = self.repo(request)
        branches = [
            {
                "name": name.removeprefix("refs/pr/"),
                "ref": name if "/" in name else f"refs/heads/{name}",
                "targetCommit": oid,
            }
            for name, oid in repo.refs.items()
        ]
        tags = [{"name": name, "ref": f"refs/tags/{name}", "targetCommit": oid} for name, oid in repo.tags.items()]
        requests = [own for own in branches if own["ref"].startswith("refs/pr/")]
        return {
            "branches": [b for b in branches if b not in requests],
            "converts": [],
            "tags": tags,
            "pullRequests": requests,
        }

    @route("GET", rf"/api/{KIND}/{REPO}/commits/(?P<revision>[^/]+)")
    def history(self, request: Request) -> Any:
        return [
            {"id": c.oid, "title": c.title, "message": c.description, "date": NOW, "authors": [{"user": c.author}]}
            for c in self.repo(request, content=True).log(request.revision)
        ]

    @route("GET", rf"{FILES}/(?:resolve|raw)/(?P<revision>[^/]+)/(?P<path>.+)")
    def resolve(self, request: Request) -> Any:
        repo = self.repo(request, content=True)
        commit = repo.at(request.revision)
        file = repo.file(commit.oid, unquote(request.found["path"]))
        linked = {"X-Linked-Etag": f'"{file.etag}"', "X-Linked-Size": str(len(file.content))} if file.lfs else {}
        return Reply(file.content, headers={"X-Repo-Commit": commit.oid, "ETag": f'"{file.etag}"', **linked})

    # Writing

    @route("POST", r"/api/validate-yaml")
    def validate_yaml(self, request: Request) -> Any:
        import yaml

        parts = request.json["content"].split("---\n", 2)
        try:
            yaml.safe_load(parts[1] if len(parts) == 3 else "")
        except yaml.YAMLError as error:
            return Reply({"errors": [{"message": str(error)}], "warnings": []}, 400)
        return {"errors": [], "warnings": []}

    @route("POST", rf"/api/{KIND}/{REPO}/preupload/(?P<revision>[^/]+)")
    def preupload(self, request: Request) -> Any:
        repo = self.pushed(request)
        files = repo.at(request.revision).files
        answers = []
        for given in request.json["files"]:
            known = files.get(given["path"])
            mode = "lfs" if self.lfs and (given["path"].endswith(".parquet") or given["size"] > 10**7) else "regular"
            oid = known.etag if known and known.lfs == (mode == "lfs") else None
            answers.append({"path": given["path"], "uploadMode": mode, "shouldIgnore": False, "oid": oid})
        return {"files": answers}

    @route("POST", rf"{FILES}\.git/info/lfs/objects/batch")
    def lfs_batch(self, request: Request) -> Any:
        self.repo(request)
        return {
            "transfer": "basic",
            "objects": [
                {
                    "oid": own["oid"],
                    "size": own["size"],
                    **({} if own["oid"] in self.objects else self.actions(own["oid"])),
                }
                for own in request.json["objects"]
            ],
        }

    def actions(self, oid: str) -> dict[str, Any]:
        return {
            "actions": {"upload": {"href": f"{self.url}/lfs/{oid}"}, "verify": {"href": f"{self.url}/lfs/{oid}/verify"}}
        }

    @route("PUT", r"/lfs/(?P<oid>[0-9a-f]{64})")
    def lfs_upload(self, request: Request) -> Any:
        if File(request.body).sha256 != request.found["oid"]:
            raise Refusal(400, "The content is not that of its SHA-256")
        self.objects[request.found["oid"]] = request.body
        return {}

    @route("POST", r"/lfs/(?P<oid>[0-9a-f]{64})/verify")
    def lfs_verify(self, request: Request) -> Any:
        if len(self.objects.get(request.found["oid"], b"")) != request.json["size"]:
            raise Refusal(404, "The object is not there")
        return {}

    @route("POST", rf"/api/{KIND}/{REPO}/commit/(?P<revision>[^/]+)")
    def commit(self, request: Request) -> Any:
        create_pr = "create_pr" in request.query
        repo = self.pushed(request)
        author = request.account.name if request.account else "nobody"
        lines = [json.loads(line) for line in request.body.splitlines()]
        made, opened = repo.commit(request.revision, lines, author, self.objects, create_pr)
        home = f"{self.url}/{PREFIXES[repo.kind]}{repo.name}"
        more = {"pullRequestUrl": f"{home}/discussions/{opened.number}"} if opened else {}
        return {"success": True, "commitOid": made.oid, "commitUrl": f"{home}/commit/{made.oid}", **more}

    @route("POST", rf"/api/{KIND}/{REPO}/(?P<what>branch|tag)/(?P<revision>[^/]+)")
    def set_ref(self, request: Request) -> Any:
        repo, tag = self.repo(request, write=True), request.found["what"] == "tag"
        name, start = (
            (request.json["tag"], request.revision)
            if tag
            else (request.revision, request.json.get("startingPoint", "main"))
        )
        names = repo.tags if tag else repo.refs
        if name in names:
            raise Refusal(409, f"{name} exists already")
        names[name] = repo.at(start).oid
        return {}
