"""What several documents say alike stands once, and a lexicon takes it by name."""

import pytest

from multirads_hf import rads
from multirads_hf.errors import LexiconError, UnknownNameError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of documents of its own; nothing of it is remembered."""
    monkeypatch.setattr(rads, "__path__", [str(tmp_path)])
    for function in (rads.keys, rads.get, rads.lexicon):
        function.cache_clear()
    yield tmp_path
    for function in (rads.keys, rads.get, rads.lexicon):
        function.cache_clear()


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        (folder / f"{name}.py").write_text("", encoding="utf-8")


def test_own_lists_come_first_and_own_texts_count(folder):
    write(
        folder,
        one='shared = ["common"]\nnoun = "spot"\n[block.skin]\nany = ["own"]\n',
        _common='noun = "mark"\n[block.skin]\nlabel = "Skin"\nany = ["shared"]\n[block.hair]\nany = ["hair"]\n',
    )
    assert rads.keys() == ("one",)
    skin = {"any": ["own", "shared"], "label": "Skin"}
    assert rads.lexicon("one") == {"noun": "spot", "block": {"skin": skin, "hair": {"any": ["hair"]}}}


def test_faults_name_the_file(folder):
    write(folder, one='shared = ["commun"]\n', two="noun = \n", three='shared = ["broken"]\n', _broken="= 1")
    with pytest.raises(LexiconError, match=r"one\.toml: shared 'commun': there is no _commun\.toml beside it"):
        rads.lexicon("one")
    with pytest.raises(LexiconError, match=r"two\.toml: "):
        rads.lexicon("two")
    with pytest.raises(LexiconError, match=r"_broken\.toml: "):
        rads.lexicon("three")
    with pytest.raises(UnknownNameError, match="Unknown document '_broken'"):
        rads.lexicon("_broken")
