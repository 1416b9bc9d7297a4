"""Where the tests find the project's pictures and its command."""

import os
import pathlib
import subprocess

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = PROJECT / "fixtures"


@pytest.fixture(scope="session")
def command():
    """The built `textura`; scripts/test-python says where it is."""
    path = os.environ["TEXTURA_COMMAND"]
    assert os.path.isfile(path), f"no command at {path}"

    def run(*arguments, **options):
        arguments = [path, *map(str, arguments)]
        return subprocess.run(arguments, check=True, capture_output=True, text=True, **options)

    return run


@pytest.fixture(scope="session")
def textures():
    """Paths and classes of the labelled fixtures."""
    paths = sorted((FIXTURES / "textures").glob("*/*.png"))
    assert len(paths) == 160
    return [str(path) for path in paths], [path.parent.name for path in paths]


@pytest.fixture(scope="session")
def odd_pictures():
    """Pictures of every kind, whole and broken."""
    folders = [FIXTURES / "edge", FIXTURES / "broken", FIXTURES / "textures" / "brick"]
    paths = sorted(path for folder in folders for path in folder.iterdir() if path.is_file())
    assert len(paths) >= 40
    return [str(path) for path in paths]
