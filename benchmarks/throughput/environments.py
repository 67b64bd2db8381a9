"""An environment of its own for every grader that is compared with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "throughput"
SHOWN = ("torch", "numpy")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class SetUpError(Exception):
    """An environment could not be made; the text says why."""


@dataclass(frozen=True)
class Environment:
    """A Python with one grader in it.

    Attributes:
        package: the grader's distribution.
        requirements: file with exact versions of everything, or None for this very Python.
    """

    package: str
    requirements: Path | None

    @property
    def folder(self) -> Path:
        """Where the environment is."""
        return BUILD / "environments" / self.package if self.requirements else Path(sys.prefix)

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"

    @property
    def ready(self) -> bool:
        """Whether it holds what its requirements say."""
        if self.requirements is None:
            return True
        stamp = self.folder / "requirements.txt"
        return stamp.is_file() and stamp.read_text() == self.requirements.read_text()

    def set_up(self) -> None:
        """Make it, unless it is ready.

        Raises:
            SetUpError: pip failed; the text has its last lines.
        """
        if self.ready:
            return
        assert self.requirements is not None
        shutil.rmtree(self.folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", self.folder], check=True)
        install = ["-m", "pip", "install", "--quiet", "--requirement", str(self.requirements)]
        done = subprocess.run([self.python, *install], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SetUpError(f"pip: {' | '.join(done.stderr.strip().splitlines()[-5:])}")
        shutil.copy(self.requirements, self.folder / "requirements.txt")

    def versions(self) -> dict[str, str]:
        """Versions of Python, the grader, torch and numpy, as the environment itself says."""
        names = [self.package, *SHOWN]
        code = (
            "import platform, sys; from importlib.metadata import version; "
            "print(platform.python_version(), *map(version, sys.argv[1:]))"
        )
        done = subprocess.run(
            [self.python, "-c", code, *names], capture_output=True, text=True, check=True, cwd=ROOT
        )
        return dict(zip(["python", *names], done.stdout.split(), strict=True))

    def variables(self) -> dict[str, str]:
        """Variables for its commands: its programs first on the path, one thread, its own home.

        The home keeps kernels and settings of whoever runs this out of the measurement.
        """
        home = BUILD / "homes" / self.package
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"
        return {**kept, "PATH": path, "HOME": str(home), **dict.fromkeys(THREADS, "1")}

    def run(self, arguments: list[str | Path], folder: Path) -> None:
        """Run a command in a folder; what it prints is shown only if it fails.

        Raises:
            RuntimeError: it failed.
        """
        done = subprocess.run(
            arguments,
            cwd=folder,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            command = " ".join(map(str, arguments))
            raise RuntimeError(f"{command}: exit code {done.returncode}\n{done.stdout[-3000:]}")
