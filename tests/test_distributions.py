"""What is published: the same bytes from the same files, and nothing that is not listed here."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from gemini_openai import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE, PUBLISHED = "gemini_openai", f"gemini_openai-{__version__}"
BESIDE = {"README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "pyproject.toml", ".gitignore"}
SECRETS = re.compile(
    rb"AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20}|sk-[0-9A-Za-z]{32}"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9]"
)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of the project twice, of another age and with other rights."""
    made = []
    for age, mode in ((0, 0o644), (500_000_000, 0o600)):
        copy = tmp_path_factory.mktemp("project")
        for name in (PACKAGE, "docs", "examples", *sorted(BESIDE)):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name)
            else:
                shutil.copy(source, copy / name)
        for path in copy.rglob("*"):
            if path.is_file():
                path.chmod(mode)
                os.utime(path, (1_600_000_000 + age,) * 2)
        made.append(copy)
    return made


def build(copy: Path) -> dict[str, Path]:
    """The wheel and the source distribution of a project."""
    out = str(copy / "dist")
    (wheel,) = WheelBuilder(str(copy)).build(directory=out, versions=["standard"])
    (sdist,) = SdistBuilder(str(copy)).build(directory=out, versions=["standard"])
    return {"wheel": Path(wheel), "sdist": Path(sdist)}


@pytest.fixture(scope="module")
def built(copies: list[Path]) -> Iterator[list[dict[str, Path]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield [build(copy) for copy in copies]


def files_of(*folders: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def contents(archive: Path) -> dict[str, bytes]:
    """The files of an archive, by their names in it."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(archive) as sdist:
        found = ((member.name, sdist.extractfile(member)) for member in sdist)
        return {name: file.read() for name, file in found if file}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_what_is_built_twice_is_the_same(built: list[dict[str, Path]], kind: str) -> None:
    first, second = (project[kind] for project in built)
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_another_time_of_the_build_is_seen_in_it(
    copies: list[Path], built: list[dict[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the test above compares what depends on it."""
    before = built[0]["sdist"].read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    (sdist,) = SdistBuilder(str(copies[0])).build(
        directory=str(copies[0] / "later"), versions=["standard"]
    )
    assert Path(sdist).read_bytes() != before


def test_the_wheel_has_the_package_only(built: list[dict[str, Path]]) -> None:
    about = f"{PUBLISHED}.dist-info/"
    named = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    assert set(contents(built[0]["wheel"])) == files_of(PACKAGE) | {about + name for name in named}


def test_the_source_distribution_has_no_tests_and_nothing_stray(
    built: list[dict[str, Path]],
) -> None:
    inside = files_of(PACKAGE, "docs", "examples") | BESIDE | {"PKG-INFO"}
    assert set(contents(built[0]["sdist"])) == {f"{PUBLISHED}/{name}" for name in inside}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_nothing_that_looks_like_a_key_is_published(
    built: list[dict[str, Path]], kind: str
) -> None:
    found = {
        name: match[0]
        for name, data in contents(built[0][kind]).items()
        if (match := SECRETS.search(data))
    }
    assert not found


def test_the_metadata_name_the_licence_and_the_versions_of_python(
    built: list[dict[str, Path]],
) -> None:
    metadata = contents(built[0]["wheel"])[f"{PUBLISHED}.dist-info/METADATA"].decode()
    assert "License-Expression: Apache-2.0\n" in metadata
    assert "Requires-Python: >=3.10\n" in metadata
    assert f"\nVersion: {__version__}\n" in metadata
