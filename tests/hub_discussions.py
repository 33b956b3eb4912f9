"""Discussions and pull requests of the local Hub."""

from __future__ import annotations

from typing import Any

from hub_http import KIND, REPO, Request, route
from hub_repos import NOW, Discussion, Refusal, Repo


class Discussions:
    """The routes of discussions, for a server that finds repositories by ``repo``."""

    repo: Any

    def described(self, repo: Repo, own: Discussion) -> dict[str, Any]:
        about = {"num": own.number, "title": own.title, "status": own.status, "isPullRequest": own.pull_request}
        return {
            **about,
            "author": {"name": own.author},
            "createdAt": NOW,
            "repo": {"name": repo.name, "type": repo.kind},
        }

    @route("GET", rf"/api/{KIND}/{REPO}/discussions")
    def list_discussions(self, request: Request) -> Any:
        repo, query = self.repo(request), request.query
        wanted = {"pull_request": [True], "discussion": [False]}.get(query.get("type", ""), [True, False])
        found = [
            self.described(repo, own) for own in repo.discussions
            if own.pull_request in wanted and query.get("author", own.author) == own.author
            and query.get("status", "all") in ("all", "open" if own.status in ("open", "draft") else "closed")
        ]  # fmt: skip
        return {"discussions": found, "count": len(found), "start": 0}

    @route("POST", rf"/api/{KIND}/{REPO}/discussions")
    def open_discussion(self, request: Request) -> Any:
        repo, given = self.repo(request), request.json
        if request.account is None:
            raise Refusal(401, "Invalid username or password.")
        own = repo.open(
            given["title"], request.account.name, pull_request=given["pullRequest"], text=given["description"]
        )
        own.status = "draft" if own.pull_request else "open"
        return {"num": own.number}

    def discussion(self, request: Request) -> tuple[Repo, Discussion]:
        repo, number = self.repo(request), int(request.found["number"])
        if not 1 <= number <= len(repo.discussions):
            raise Refusal(404, "Discussion not found")
        return repo, repo.discussions[number - 1]

    @route("GET", rf"/api/{KIND}/{REPO}/discussions/(?P<number>\d+)")
    def read_discussion(self, request: Request) -> Any:
        repo, own = self.discussion(request)
        more = {"changes": {"base": "refs/heads/main"}, "filesWithConflicts": False} if own.pull_request else {}
        return {**self.described(repo, own), "events": own.events, "diff": "", **more}

    @route("POST", rf"/api/{KIND}/{REPO}/discussions/(?P<number>\d+)/(?P<what>comment|status|merge|title)")
    def change_discussion(self, request: Request) -> Any:
        repo, own = self.discussion(request)
        what, given, author = request.found["what"], request.json, request.account.name if request.account else ""
        if what == "merge":
            self.repo(request, write=True)
            repo.merge(own, author)
        elif what == "status":
            own.status = given["status"]
            own.happened("status-change", author, status=own.status)
        elif what == "title":
            own.happened("title-change", author, **{"from": own.title, "to": given["title"]})
            own.title = given["title"]
        else:
            own.happened("comment", author, edited=False, hidden=False, latest={"raw": given["comment"]})
        return {"newMessage": own.events[-1], "newStatus": own.events[-1], "newTitle": own.events[-1]}
