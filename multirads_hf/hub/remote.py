"""The Hub as the holder of one token sees it: what a repository holds, and the one commit that changes it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from multirads_hf import __version__
from multirads_hf.errors import PublishError
from multirads_hf.hub.plan import SIGNATURE, Plan
from multirads_hf.hub.publication import Kind, Publication, Snapshot
from multirads_hf.hub.refusals import NO_REPOSITORY, NO_TOKEN, READ_ONLY, insist

if TYPE_CHECKING:
    from multirads_hf.hub.proposals import ProposalPlan


class Hub:
    """A connection with the token of ``HF_TOKEN`` or ``hf auth login``, which it keeps to itself."""

    def __init__(self) -> None:
        """Sign in.

        Raises:
            PublishError: there is no token, the Hub does not know it, or it may only read.
        """
        from huggingface_hub import HfApi, get_token  # noqa: PLC0415

        token = get_token()
        if not token:
            raise PublishError(NO_TOKEN)
        self._api = HfApi(token=token, library_name="multirads-hf", library_version=__version__)
        who = insist(self._api.whoami, "publish")
        self.user: str = who["name"]
        if who.get("auth", {}).get("accessToken", {}).get("role") == "read":
            raise PublishError(READ_ONLY.format(user=self.user))

    @property
    def endpoint(self) -> str:
        """The address of the Hub."""
        return str(self._api.endpoint)

    def full_name(self, repo: str) -> str:
        """Return ``OWNER/NAME``; a bare name is one of the user's own.

        Raises:
            PublishError: no repository can have this name.
        """
        from huggingface_hub.errors import HFValidationError  # noqa: PLC0415
        from huggingface_hub.utils._validators import validate_repo_id  # noqa: PLC0415

        full = repo if "/" in repo else f"{self.user}/{repo}"
        try:
            validate_repo_id(full)
        except HFValidationError as error:
            raise PublishError(f"publish: REPO {repo!r} is no name of a repository ({error})") from None
        return full

    def snapshot(self, repo: str, kind: Kind, revision: str | None = None) -> Snapshot | None:
        """Return the repository as it stands now, None when there is none that this token may see."""
        return insist(lambda: self._snapshot(repo, kind, revision), f"publish {kind} {repo}")

    def published(self, publication: Publication, commit: str) -> Snapshot | None:
        """Return the repository as the last commit up to ``commit`` left it that was made here, None without one."""
        own = publication

        def read() -> Snapshot | None:
            commits = self._api.list_repo_commits(own.repo, repo_type=own.kind, revision=commit)
            made = next((commit.commit_id for commit in commits if commit.message.startswith(SIGNATURE)), None)
            return self._snapshot(own.repo, own.kind, made) if made else None

        return insist(read, own.where)

    def _snapshot(self, repo: str, kind: Kind, revision: str | None = None) -> Snapshot | None:
        from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError  # noqa: PLC0415
        from huggingface_hub.hf_api import RepoFile  # noqa: PLC0415

        try:
            about: Any = self._api.repo_info(repo, repo_type=kind, revision=revision)
        except GatedRepoError:
            raise
        except RepositoryNotFoundError:
            return None
        tree = self._api.list_repo_tree(repo, recursive=True, revision=about.sha, repo_type=kind)
        files = {own.path: own.lfs.sha256 if own.lfs else own.blob_id for own in tree if isinstance(own, RepoFile)}
        return Snapshot(about.sha, bool(about.private), files)

    def existing(self, publication: Publication) -> Snapshot:
        """Return a repository that must be there as it stands now.

        Raises:
            PublishError: it is not there, or the Hub does not answer.
        """
        there = self.snapshot(publication.repo, publication.kind)
        if there is None:
            raise PublishError(f"{publication.where}: {NO_REPOSITORY}")
        return there

    def text(self, publication: Publication, commit: str, path: str) -> str:
        """Return the text of one file at one commit."""
        return self.read(publication.repo, publication.kind, commit, path)

    def read(self, repo: str, kind: Kind, commit: str, path: str) -> str:
        """Return the text of one file at one commit."""

        def read() -> str:
            with TemporaryDirectory() as folder:
                place = self._api.hf_hub_download(repo, path, repo_type=kind, revision=commit, cache_dir=folder)
                return Path(place).read_text(encoding="utf-8", errors="replace")

        return insist(read, f"publish {kind} {repo}")

    def open_requests(self, repo: str, title: str) -> list[int]:
        """Return the numbers of the user's open pull requests of one title to a model."""

        def read() -> list[int]:
            found = self._api.get_repo_discussions(
                repo, author=self.user, discussion_type="pull_request", discussion_status="open"
            )
            return [own.num for own in found if own.title == title]

        return insist(read, f"publish model {repo}")

    def propose(self, plan: ProposalPlan) -> tuple[str, int]:
        """Make the one commit of a pull request; return its id and the number. Errors are those of the client."""
        from huggingface_hub import CommitOperationAdd  # noqa: PLC0415

        own = plan.proposal
        operations = [CommitOperationAdd(path, text.encode()) for path, text in plan.files.items()]
        made = self._api.create_commit(
            own.repo, operations, commit_message=own.title, commit_description=own.message, parent_commit=plan.parent,
            create_pr=plan.number is None, revision=None if plan.number is None else f"refs/pr/{plan.number}",
        )  # fmt: skip
        number = plan.number or made.pr_num
        if number is None:
            raise PublishError(f"{own.where}: the Hub took the commit and opened no pull request.")
        return str(made.oid), number

    def create(self, publication: Publication) -> Snapshot:
        """Create the repository unless it exists, and return how it stands."""
        own = publication
        # None, not False: an organisation may keep all of its new repositories private.
        private = own.private or None
        insist(
            lambda: self._api.create_repo(
                own.repo, repo_type=own.kind, private=private, exist_ok=True, space_sdk=own.sdk
            ),
            own.where,
        )
        return self.existing(own)

    def commit(self, plan: Plan) -> str:
        """Make the one commit of a plan and return its id. Errors are those of the client."""
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete  # noqa: PLC0415

        own = plan.publication
        # Made anew each time: the client takes what was sent once as still being there.
        operations = [
            CommitOperationDelete(change.path)
            if change.verb == "delete"
            else CommitOperationAdd(change.path, own.files[change.path].source)
            for change in plan.changes
        ]
        made = self._api.create_commit(
            own.repo, operations, repo_type=own.kind, commit_message=own.title, commit_description=plan.description,
            parent_commit=plan.base.commit if plan.base else None,
        )  # fmt: skip
        return str(made.oid)
