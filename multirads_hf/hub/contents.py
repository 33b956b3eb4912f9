"""What is published: the files of the dataset, and those of the metric Spaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from multirads_hf import __version__
from multirads_hf.errors import OptionError, require_name
from multirads_hf.hub.benchmark import SPLIT, eval_yaml
from multirads_hf.hub.card import BUILD_MARKER
from multirads_hf.hub.publication import Content, Publication

CARD = "README.md"
_PACKAGED = Path(__file__).with_name("spaces")
_CHECKOUT = Path(__file__).parents[2] / "metrics"
_SPACE_FILES = ("*.py", "*.md", "*.txt")
# The name under which cards in this repository speak of what is published.
_OWNER = "multirads"
_TITLE = f"MultiRADS {__version__}"


@contextmanager
def dataset(repo: str, folder: str | Path | None = None, **options: Any) -> Iterator[Publication]:
    """Yield the publication of a dataset: a folder that ``multirads build`` wrote, or one that is built for it.

    Args:
        repo: ``OWNER/NAME``.
        folder: an earlier build; None builds one, which is gone afterwards.
        **options: ``private`` and ``overwrite``, and without a folder those of ``hub.parquet.write_folder``.

    Raises:
        OptionError: the folder is no build, or an option is not allowed.
    """
    how = {name: options.pop(name, False) for name in ("private", "overwrite")}
    with TemporaryDirectory(prefix="multirads-") as temporary:
        if folder is None:
            from multirads_hf.hub.parquet import write_folder  # noqa: PLC0415 (heavy)

            write_folder(temporary, **options)
        files = dataset_files(Path(folder or temporary))
        yield Publication(repo, "dataset", files, ("data/*", "eval.yaml"), (CARD, BUILD_MARKER), _TITLE, **how)


def dataset_files(folder: Path) -> dict[str, Content]:
    """Return the files of a dataset: the card, the rows, and ``eval.yaml`` when there is a test split.

    Raises:
        OptionError: the folder is no build.
    """
    card = folder / CARD
    if not card.is_file() or BUILD_MARKER not in card.read_text(encoding="utf-8", errors="replace"):
        raise OptionError(
            f"publish dataset: {str(folder)!r} is no build. Allowed: a folder of `multirads build --out`."
        )
    rows = sorted((folder / "data").glob("*/*.parquet"))
    files = {path.relative_to(folder).as_posix(): Content(path) for path in (card, *rows)}
    tested = dict.fromkeys(path.parent.name for path in rows if path.name.startswith(f"{SPLIT}-"))
    return files | ({"eval.yaml": Content(eval_yaml(list(tested)).encode())} if tested else {})


def metrics() -> dict[str, Path]:
    """Return the folders of the metric Spaces by name: those in the wheel, else those of the checkout."""
    home = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return {path.parent.name: path.parent for path in sorted(home.glob("*/app.py"))}


def metric(repo: str, **how: Any) -> Publication:
    """Return the publication of a metric Space. Its name says which: ``evaluate`` looks for NAME.py in OWNER/NAME.

    Args:
        repo: ``OWNER/NAME``.
        **how: ``private`` and ``overwrite``.

    Raises:
        UnknownNameError: there is no metric of this name.
    """
    name = require_name("metric", repo.rpartition("/")[2], metrics())
    paths = [path for pattern in _SPACE_FILES for path in sorted(metrics()[name].glob(pattern))]
    files = {path.name: Content(path) for path in paths}
    card = files[CARD].text().replace(f"{_OWNER}/{name}", repo)
    files[CARD] = Content(card.encode())
    return Publication(repo, "space", files, (), (f"{name}.py", "multirads_hf"), _TITLE, sdk="gradio", **how)
