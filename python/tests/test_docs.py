"""The Python examples of the pages run, block after block, each page in a folder of its own."""

import re
import shutil

import pytest

from conftest import FIXTURES, PROJECT

PAGES = {"docs/python.md": 7, "README.md": 1, "README.zh.md": 1}


def blocks(page):
    text = (PROJECT / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page, tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    found = blocks(page)
    assert len(found) >= PAGES[page]
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    shutil.copytree(PROJECT / "models", tmp_path / "models")
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "example"}
    for number, block in enumerate(found):
        exec(compile(block, f"{page}, block {number + 1}", "exec"), names)
