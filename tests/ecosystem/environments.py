"""An environment for each framework: the newest releases, and this package as it stands here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".ecosystem"


class Environments:
    """Environments below a folder; what is there and was asked for the same is used again."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder.absolute()
        self._fresh = fresh

    def python(self, name: str, packages: list[str]) -> Path:
        """The interpreter of the environment that has these packages."""
        home = self.folder / name
        python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        wanted = [*packages, f"{ROOT}[httpx2]"]
        stamp = home / "asked_for.json"
        if stamp.exists() and json.loads(stamp.read_text("utf-8")) == wanted and not self._fresh:
            return python
        shutil.rmtree(home, ignore_errors=True)
        self._uv("venv", "--quiet", "--python", sys.executable, str(home))
        editable = ["--editable", wanted[-1]]
        self._uv("pip", "install", "--quiet", "--python", str(python), *editable, *packages)
        stamp.write_text(json.dumps(wanted), "utf-8")
        return python

    def _uv(self, *arguments: str) -> None:
        subprocess.run([self._uv_program(), *arguments], check=True, timeout=900)

    def _uv_program(self) -> str:
        """`uv`, which makes an environment in seconds; if it is not there, one of our own."""
        if found := shutil.which("uv"):
            return found
        tools = self.folder / "tools"
        uv = tools / ("Scripts/uv.exe" if sys.platform == "win32" else "bin/uv")
        if not uv.exists():
            subprocess.run([sys.executable, "-m", "venv", str(tools)], check=True, timeout=300)
            pip = [str(uv.with_name("python")), "-m", "pip", "install", "--quiet", "uv"]
            subprocess.run(pip, check=True, timeout=300)
        return str(uv)
