"""Pull requests to repositories of others: planned first, and never a second one for the same thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from multirads_hf import __version__
from multirads_hf.errors import PublishError
from multirads_hf.hub.plan import SIGNATURE
from multirads_hf.hub.publication import Snapshot
from multirads_hf.hub.refusals import ATTEMPTS, NO_REPOSITORY, hub_errors, pause
from multirads_hf.hub.remote import Hub

# The text of a file as it is, None where there is none -> as it is to be; the same text where it is so already.
Edit = Callable[[str | None], str]


@dataclass(frozen=True)
class Proposal:
    """What is proposed to a model.

    Attributes:
        repo: ``ORG/NAME`` of the model.
        title: of the pull request, by which an open one is found again.
        description: what it says below its title.
        edits: path -> edit.
    """

    repo: str
    title: str
    description: str
    edits: Mapping[str, Edit]

    @property
    def where(self) -> str:
        """How messages name the repository."""
        return f"publish model {self.repo}"

    @property
    def message(self) -> str:
        """What the commit says below its title."""
        return f"{self.description}\n\n{SIGNATURE}{__version__}"


@dataclass(frozen=True)
class ProposalPlan:
    """What one pull request does.

    Attributes:
        proposal: what is proposed.
        endpoint: the address of the Hub.
        parent: commit that it stands on: of main, or of the open pull request.
        files: path -> text; empty where all is there already.
        number: of the open pull request, None where there is none.
    """

    proposal: Proposal
    endpoint: str
    parent: str
    files: Mapping[str, str]
    number: int | None = None

    @property
    def repo(self) -> str:
        """The model."""
        return self.proposal.repo

    @property
    def pending(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.files)

    @property
    def verb(self) -> Literal["open", "update", "nothing"]:
        """What is done."""
        return "nothing" if not self.files else "open" if self.number is None else "update"

    @property
    def url(self) -> str:
        """The page of the pull request, of the model while there is none."""
        return f"{self.endpoint}/{self.repo}" + (f"/discussions/{self.number}" if self.number else "")

    def lines(self) -> Iterator[str]:
        """Yield the plan for a person."""
        yield f"pull request to model {self.repo}: {self.url}"
        for path, text in self.files.items():
            yield f"  {self.verb:<8} {path}  {len(text.encode())} B"
        if not self.files:
            yield "  nothing to change"

    def to_json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        return {
            "repo": self.repo, "kind": "model", "url": self.url, "pull_request": self.number, "verb": self.verb,
            "parent": self.parent, "files": dict(self.files),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal.

    Attributes:
        repo: the model.
        url: page of the pull request, or of the model where nothing was to be done.
        commit: at which everything is there.
        changed: whether anything was sent.
    """

    repo: str
    url: str
    commit: str
    changed: bool


def plan(proposal: Proposal, hub: Hub) -> ProposalPlan:
    """Compare a proposal with the model, and with an open pull request of one's own of the same title.

    Raises:
        PublishError: the Hub cannot be read, there is no such model, or a file that cannot be edited.
    """
    main = _there(proposal, hub)
    files = _edited(proposal, hub, main)
    if files:
        for number in hub.open_requests(proposal.repo, proposal.title):
            head = _there(proposal, hub, f"refs/pr/{number}")
            return ProposalPlan(proposal, hub.endpoint, head.commit, _edited(proposal, hub, head), number)
    return ProposalPlan(proposal, hub.endpoint, main.commit, files)


def propose(made: ProposalPlan, hub: Hub) -> Proposed:
    """Carry out a plan by one commit to a new or to the open pull request.

    After an error everything is read again, since an answer can get lost after the pull request was opened.

    Raises:
        PublishError: the Hub does not take it.
    """
    own, now = made.proposal, made
    for attempt in range(1, ATTEMPTS + 1):
        if not now.pending:
            return Proposed(own.repo, now.url, now.parent, changed=made.pending)
        try:
            commit, number = hub.propose(now)
        except hub_errors() as error:
            pause(error, attempt, own.where)
            now = plan(own, hub)
        else:
            return Proposed(own.repo, f"{now.endpoint}/{own.repo}/discussions/{number}", commit, changed=True)
    raise AssertionError("pause raises at the last attempt")


def _there(proposal: Proposal, hub: Hub, revision: str | None = None) -> Snapshot:
    there = hub.snapshot(proposal.repo, "model", revision)
    if there is None:
        raise PublishError(f"{proposal.where}: {NO_REPOSITORY}")
    return there


def _edited(proposal: Proposal, hub: Hub, there: Snapshot) -> dict[str, str]:
    """Return the files that the edits change."""
    known = {
        path: hub.read(proposal.repo, "model", there.commit, path) for path in proposal.edits if path in there.files
    }
    edited = {path: edit(known.get(path)) for path, edit in proposal.edits.items()}
    return {path: text for path, text in edited.items() if text != known.get(path)}
