"""Publishes to the Hub: a plan first, then one commit, and nothing of anybody else's lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from multirads_hf.hub.plan import Plan, changes, is_initial, require_mergeable, require_ours, require_unedited
from multirads_hf.hub.publication import Publication, Snapshot
from multirads_hf.hub.refusals import ATTEMPTS, hub_errors, pause
from multirads_hf.hub.remote import Hub


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a plan.

    Attributes:
        repo: ``OWNER/NAME``.
        url: its page.
        commit: id of the commit at which everything is there.
        changed: whether it was made for this plan; not so when all was there already.
    """

    repo: str
    url: str
    commit: str
    changed: bool


def plan(publication: Publication, hub: Hub) -> Plan:
    """Compare a publication with what stands on the Hub.

    Raises:
        PublishError: the Hub cannot be read, or something else would be replaced.
    """
    base = hub.snapshot(publication.repo, publication.kind)
    publication = publication.on(base)
    if base is not None:
        require_ours(publication, base, partial(hub.text, publication, base.commit))
        published = hub.published(publication, base.commit)
        if published is not None:
            require_unedited(publication, published, base)
    return Plan(publication, hub.user, hub.endpoint, base, changes(publication, base.files if base else {}))


def publish(made: Plan, hub: Hub) -> Published:
    """Carry out a plan by one commit.

    After an error the repository is read again before anything is repeated, since an answer can get lost
    after the commit was made. A commit of somebody else in between is kept, unless it touches the same files.

    Raises:
        PublishError: the Hub does not take it, or somebody else changed the same files since the plan was made.
    """
    own = made.publication
    based, there = _based(made, hub)
    for attempt in range(1, ATTEMPTS + 1):
        if not based.changes:
            return Published(own.repo, made.url, there.commit, changed=bool(made.changes))
        try:
            return Published(own.repo, made.url, hub.commit(based), changed=True)
        except hub_errors() as error:
            pause(error, attempt, own.where)
        there = hub.existing(own)
        require_mergeable(based, there)
        based = _on(based, there)
    raise AssertionError("pause raises at the last attempt")


def _based(made: Plan, hub: Hub) -> tuple[Plan, Snapshot]:
    """Return the plan and what it stands on; a new repository is created, and may by now be somebody else's."""
    if made.base is not None:
        return made, made.base
    there = hub.create(made.publication)
    if not is_initial(there, partial(hub.text, made.publication, there.commit)):
        require_mergeable(made, there)
    return _on(made, there), there


def _on(made: Plan, there: Snapshot) -> Plan:
    own = made.publication.on(there)
    return replace(made, publication=own, base=there, changes=changes(own, there.files))
