"""Make the virtual environments of the measured processes, with bytecode compiled.

`lean` has the package without extras, `openai`, httpx and httpx2; `fast` has the extra of that name
as well, if there is one; `peers` has google-genai and litellm. They are made once and kept. The
package itself is copied there at each run: it is measured as an installed one is, and a change of
the tree during a run changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("gemini_openai", "benchmarks")
COMMON = ("openai==3.57.*", "httpx==0.28.*", "httpx2>=2.12,<3", "trustme>=1.1")
PEERS = ("google-genai", "litellm")
# What would change what is measured: certificates, proxies, keys, an interpreter's ways.
UNSET = re.compile(
    r"PYTHON.*|SSL_CERT_.*|.*_CA_(BUNDLE|CERTS).*|(HTTPS?|ALL|NO)_PROXY"
    r"|(GEMINI|GOOGLE|OPENAI|LITELLM)_.*",
    re.IGNORECASE,
)


class Environment:
    """One virtual environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """The folder that the packages are in."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    def versions(self, names: tuple[str, ...]) -> dict[str, str]:
        """The versions of those packages that are in it."""
        found = {}
        for name in names:
            for info in self.packages.glob(f"{name.replace('-', '_')}-*.dist-info"):
                found[name] = info.name.removesuffix(".dist-info").rpartition("-")[2]
        return found


def has_fast() -> bool:
    """Whether the package has the extra `fast`."""
    return bool(re.search(r"^fast\s*=", _pyproject(), re.MULTILINE))


def make(folder: Path, name: str) -> Environment:
    """The environment of a name, made anew if what it is to have has changed."""
    extra = "[fast]" if name == "fast" else ""
    wanted = [f"{ROOT}{extra}", *COMMON, *(PEERS if name == "peers" else ())]
    environment = Environment(folder / name)
    dependencies = _pyproject().partition("[project.scripts]")[0]
    stamp = _digest(sys.version, dependencies, *wanted)
    if _stamp(environment.folder, "made") != stamp:
        print(f"Making the environment {name} …", file=sys.stderr)
        shutil.rmtree(environment.folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(environment.folder))
        _run(str(environment.python), "-m", "pip", "install", "--quiet", *wanted)
        _compile(environment, str(environment.packages), quietly=True)
        (environment.folder / "made").write_text(stamp)
    _copy_tree(environment)
    return environment


def variables(**more: str) -> dict[str, str]:
    """The environment variables of a measured process."""
    kept = {name: value for name, value in os.environ.items() if not UNSET.fullmatch(name)}
    return {**kept, "PYTHONHASHSEED": "0", "LITELLM_LOCAL_MODEL_COST_MAP": "True", **more}


def certificates(folder: Path, environment: Environment) -> Path:
    """A folder with the server's certificate; `trusted.pem` has its CA among the usual ones.

    So trusting it costs what trusting any server costs.
    """
    made = folder / "certificates"
    if not (made / "trusted.pem").exists():
        made.mkdir(parents=True, exist_ok=True)
        _run(str(environment.python), "-m", "trustme", "--quiet", "-d", str(made))
        usual = (environment.packages / "certifi" / "cacert.pem").read_text()
        (made / "trusted.pem").write_text(usual + (made / "client.pem").read_text())
    return made


def _copy_tree(environment: Environment) -> None:
    files = [
        path
        for name in FOLDERS
        for path in sorted((ROOT / name).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    if _stamp(environment.folder, "copied") == digest.hexdigest():
        return
    for name in FOLDERS:
        target = environment.packages / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        _compile(environment, str(target))
    (environment.folder / "copied").write_text(digest.hexdigest())


def _compile(environment: Environment, folder: str, *, quietly: bool = False) -> None:
    command = [str(environment.python), "-m", "compileall", "-qq" if quietly else "-q", folder]
    # Some packages have files that are no Python, as templates.
    subprocess.run(command, check=not quietly, env=variables())


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def _stamp(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text() if path.exists() else ""


def _pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
