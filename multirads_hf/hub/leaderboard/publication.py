"""The files of the leaderboard's Space: the card, what it shows as JSON, and a page or an app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from multirads_hf import __version__
from multirads_hf.errors import OptionError
from multirads_hf.hub.leaderboard.page import PACKAGE, render
from multirads_hf.hub.publication import Content, Publication
from multirads_hf.reporting.dashboard import template

CARD, BOARD, PAGE = "README.md", "leaderboard.json", "index.html"
STATIC, GRADIO = "static", "gradio"
# In the card of every leaderboard; a Space that has it may be published anew.
MARK = "multirads-leaderboard"
# Tags by which the Hub's LeaderboardFinder lists a leaderboard.
TAGS = (
    "leaderboard", "submission:semiautomatic", "test:public", "judge:auto", "modality:text", "eval:performance",
    "language:English", "radiology", MARK,
)  # fmt: skip
# The version under which the app is tried, where none is installed.
GRADIO_VERSION = "6.31.0"
_APP = Path(__file__).with_name("space")
_TITLE = f"MultiRADS leaderboard {__version__}"


def leaderboard_space(space: str, board: Mapping[str, Any], sdk: str = STATIC, **how: Any) -> Publication:
    """Return the publication of a leaderboard as a Space.

    Args:
        space: ``OWNER/NAME``.
        board: from ``board.leaderboard``.
        sdk: ``static`` for a page that needs no server, or ``gradio``.
        **how: ``private`` and ``overwrite``.
    """
    texts = {CARD: card(space, board, sdk), BOARD: _json(board)}
    if sdk == STATIC:
        texts[PAGE] = render(board, space)
    else:
        texts |= {path.name: path.read_text(encoding="utf-8") for path in sorted(_APP.iterdir()) if path.is_file()}
    files = {path: Content(text.encode("utf-8", "replace")) for path, text in texts.items()}
    return Publication(space, "space", files, _other(sdk), (CARD, MARK), _TITLE, sdk=sdk, **how)


def _other(sdk: str) -> tuple[str, ...]:
    """Return the files of the other kind of Space, which go when a leaderboard changes its kind."""
    return ("app.py", "requirements.txt") if sdk == STATIC else (PAGE,)


def card(space: str, board: Mapping[str, Any], sdk: str = STATIC) -> str:
    """Return the card of a Space, its settings first."""
    import yaml  # noqa: PLC0415 (slow to import)

    settings = {
        "title": board["title"],
        "emoji": "🩻",
        "colorFrom": "blue",
        "colorTo": "green",
        "sdk": sdk,
        **({"sdk_version": GRADIO_VERSION, "app_file": "app.py"} if sdk == GRADIO else {"app_file": PAGE}),
        "pinned": False,
        "license": "apache-2.0",
        "short_description": "Models that read radiology reports, ranked",
        "datasets": [board["source"]["repo"]],
        "tags": list(TAGS),
    }
    front = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=120)
    words = {"title": board["title"], "source": board["source"], "space": space, "sdk": sdk}
    return f"---\n{front}---\n{template('card.md.j2', PACKAGE).render(words)}"


def write(publication: Publication, folder: str | Path) -> Path:
    """Write the files of a Space into a folder, to be looked at, and return the folder.

    Raises:
        OptionError: the folder holds something else, or is a file.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"--out: {str(folder)!r} is a file. Allowed: a folder that is new, empty or of this command.")
    there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    own = [
        name for name in there if name == CARD and MARK in (folder / name).read_text(encoding="utf-8", errors="replace")
    ]
    if there and not own:
        raise OptionError(
            f"--out: {str(folder)!r} holds {there[0]!r}. Allowed: a folder that is new, empty or of this command."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in publication.files.items():
        (folder / path).write_bytes(content.text().encode())
    for name in there:
        if publication.owns(name) and name not in publication.files:
            (folder / name).unlink()
    return folder


def _json(board: Mapping[str, Any]) -> str:
    return json.dumps(board, ensure_ascii=False, indent=1) + "\n"
