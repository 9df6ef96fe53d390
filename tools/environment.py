"""Makes `.venv` as the lock files say, and does nothing when it already is so.

Runs on the system's Python with the standard library alone. Packages come as wheels whose hashes stand in
`requirements/`; a package that would have to be compiled, or whose hash differs, stops the set-up.
A changed lock is installed over the old environment; a changed Python makes a new one.
"""

import argparse
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LEVELS = ("runtime", "postgres", "channels", "dev")  # each holds all of the one before
KERNELS = ROOT / "src" / "tropa" / "planning"


def digest(*paths: Path) -> str:
    """One hash over the names and contents of these files."""
    total = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def wanted(level: str) -> str:
    requirements = ROOT / "requirements"
    return digest(requirements / "installer.lock", requirements / f"{level}.lock", ROOT / "pyproject.toml")


def installed_level() -> str | None:
    """The highest level whose stamp still fits the lock files; None when there is none."""
    for level in reversed(LEVELS):
        stamp = ENVIRONMENT / f".tropa-{level}"
        if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted(level):
            return level
    return None


def once_installed(level: str) -> str:
    """The level to install: never lower than what somebody had, so that `make run` keeps the tests' tools."""
    had = [name for name in LEVELS if (ENVIRONMENT / f".tropa-{name}").exists()]
    return max([level, *had], key=LEVELS.index)


def run(*command: object) -> None:
    """Run a command and stop with its own message and code when it fails."""
    environment = {**os.environ, "UV_NO_CONFIG": "1", "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}
    environment.pop("VIRTUAL_ENV", None)
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    result = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if result.returncode:
        sys.exit(f"set-up stopped: `{Path(str(command[0])).name} {command[1]} ...` failed (see above)")


def make_environment() -> None:
    """A virtual environment of this Python; with a pip of its own only where the system has none to lend."""
    if PYTHON.exists() and same_python():
        return
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    venv.create(ENVIRONMENT, with_pip=not has_pip())


def has_pip() -> bool:
    """Whether this Python has a pip that can install into another environment (22.3 or newer)."""
    try:
        version = importlib.metadata.version("pip").split(".")
    except importlib.metadata.PackageNotFoundError:
        return False
    return (int(version[0]), int(version[1])) >= (22, 3)


def install_uv() -> None:
    """uv at the pinned hash, brought by whichever pip there is."""
    lent = (sys.executable, "-m", "pip", "--python", PYTHON)
    pip = lent if has_pip() else (PYTHON, "-m", "pip")
    installer = ROOT / "requirements" / "installer.lock"
    run(*pip, "install", "--quiet", "--only-binary=:all:", "--require-hashes", "-r", installer)


def same_python() -> bool:
    found = subprocess.run(
        [PYTHON, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() == sys.version


def install(level: str) -> None:
    """Packages of one level from wheels, then Tropa itself, pointing at this checkout."""
    requirements = ROOT / "requirements"
    uv = ENVIRONMENT / "bin" / "uv"
    install_uv()
    into = ("pip", "install", "--quiet", "--python", PYTHON)
    run(uv, *into, "--only-binary", ":all:", "--require-hashes", "-r", requirements / f"{level}.lock")
    run(uv, *into, "--no-deps", "--offline", "--editable", ROOT)
    for name in LEVELS[: LEVELS.index(level) + 1]:
        (ENVIRONMENT / f".tropa-{name}").write_text(wanted(name))


def warm_up() -> None:
    """Compile the planner's kernels into their cache, so that the first plan does not wait for it."""
    sources = sorted(KERNELS.rglob("*.py"))
    stamp = ENVIRONMENT / ".tropa-kernels"
    fits = digest(*sources)
    if not sources or (stamp.exists() and stamp.read_text() == fits):
        return
    # one process a part: together they take as long as the longest
    code = "from tropa.planning.warming import Part, warm_up; warm_up([Part(%r)])"
    compiling = [subprocess.Popen([PYTHON, "-c", code % part]) for part in ("search", "policy", "pareto")]
    codes = [process.wait() for process in compiling]
    if any(codes):
        raise SystemExit("the planner's kernels could not be compiled")
    stamp.write_text(fits)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make .venv as the lock files say.")
    parser.add_argument("level", nargs="?", choices=LEVELS, default="runtime")
    level = parser.parse_args().level
    present = installed_level()
    if present is None or LEVELS.index(present) < LEVELS.index(level):
        make_environment()
        level = once_installed(level)
        print(f"setting up .venv ({level}) ...", flush=True)
        install(level)
    warm_up()


if __name__ == "__main__":
    main()
