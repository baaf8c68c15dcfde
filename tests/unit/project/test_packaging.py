"""Content of the distribution: three packages and the document."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tarfile
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGES = ("insightiq", "insightiq_generated", "insightiq_mock")


def build(target: str, directory: pathlib.Path) -> pathlib.Path:
    """Build a distribution with the pinned backend; no network is needed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(directory)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (built,) = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The wheel of this tree."""
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def shipped(wheel: pathlib.Path) -> dict[str, bytes]:
    """The files of the wheel by name."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_holds_exactly_three_packages(shipped: dict[str, bytes]) -> None:
    """A fourth top-level name would land in everybody's import space."""
    top_level = {name.partition("/")[0] for name in shipped}
    metadata = {name for name in top_level if name.endswith(".dist-info")}
    assert top_level - metadata == set(PACKAGES)
    assert len(metadata) == 1


def test_wheel_holds_every_module_and_no_leftovers(shipped: dict[str, bytes]) -> None:
    """The markers ``py.typed`` are among them, without which type checkers ignore a package."""
    expected = {
        path.relative_to(container).as_posix()
        for container in (ROOT / "generated", ROOT / "overrides", ROOT / "mock_server")
        for path in container.rglob("*")
        if path.suffix in {".py", ".json", ".typed"}
    }
    assert expected | {f"{package}/py.typed" for package in PACKAGES} <= set(shipped)
    assert not {name for name in shipped if name.endswith(".pyc") or "__pycache__" in name}


def test_wheel_holds_document_that_mock_server_serves(shipped: dict[str, bytes]) -> None:
    document = (ROOT / "spec" / "insightiq.yaml").read_bytes()
    assert shipped["insightiq_mock/insightiq.yaml"] == document


def test_wheel_brings_both_commands(shipped: dict[str, bytes]) -> None:
    (entries,) = (text for name, text in shipped.items() if name.endswith("/entry_points.txt"))
    assert b"insightiq = insightiq.__main__:run" in entries.splitlines()
    assert b"insightiq-mock = insightiq_mock.__main__:main" in entries.splitlines()


def test_installed_wheel_works_away_from_tree(wheel: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """All three packages import from the wheel, and the mock server finds its own document."""
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    install += ["--disable-pip-version-check", "--no-compile", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, cwd=tmp_path, capture_output=True)
    program = (
        "import insightiq, insightiq_generated, insightiq_mock\n"
        "from insightiq_mock.openapi import default_document_path, load_document\n"
        "load_document(default_document_path())\n"
        "print(insightiq.__file__, insightiq_generated.__file__, insightiq_mock.__file__,"
        " default_document_path(), sep='\\n')"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert all(line.startswith(str(site)) for line in result.stdout.split()), result.stdout


def test_editable_install_copies_nothing(tmp_path: pathlib.Path) -> None:
    """Copies beside the sources, the document's above all, would go stale without a word."""
    program = "import sys, hatchling.build; hatchling.build.build_editable(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=True, cwd=ROOT, capture_output=True
    )
    (editable,) = tmp_path.iterdir()
    with zipfile.ZipFile(editable) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        assert [pathlib.PurePath(name).suffix for name in names] == [".pth"]
        folders = archive.read(names[0]).decode().split("\n")
    assert [pathlib.Path(folder).name for folder in folders if folder] == [
        "generated",
        "mock_server",
        "overrides",
    ]


def test_source_distribution_can_build_wheel_again(tmp_path: pathlib.Path) -> None:
    """Whoever builds from source has the document and the licence."""
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"spec/insightiq.yaml", "LICENSE", "pyproject.toml", "README.md"} <= names
    assert not {name for name in names if name.startswith((".venv", "node_modules", "reports"))}
