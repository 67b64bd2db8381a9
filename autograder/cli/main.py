"""The command itself; each of its subcommands is a module of this room."""

from __future__ import annotations

import signal
from typing import Any

import click

from .. import __version__
from ..corpus import CorpusError
from ..export.parcels import ExportError
from ..grade.whole_class import RunStopped
from ..handing_in import WorkError
from ..handout import HandoutError
from ..intake.limits import IntakeError
from ..release import ReleaseError
from ..report.write import OutputError
from ..review.files import ReviewError
from ..rubric.load import RubricError
from ..sandbox.outer import SandboxUnavailable
from .doctor import doctor
from .export import export, feedback
from .forget import forget
from .grade import grade
from .handing_in import check, pack
from .open import PageError, open_page
from .package import package
from .publish import publish
from .push import push
from .regrade import regrade
from .release import release
from .review import review
from .shared import UNMARKED, USAGE_ERROR
from .similar import similar
from .verify import verify

EXPECTED_ERRORS = (
    IntakeError,
    RubricError,
    OutputError,
    ReviewError,
    RunStopped,
    SandboxUnavailable,
    ReleaseError,
    HandoutError,
    CorpusError,
    PageError,
    WorkError,
    ExportError,
)


class GradeByDefault(click.Group):
    """A group whose first word is a submissions folder unless it is a command's name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `grade` before anything that is not a command or a plea for help."""
        known = {*self.commands, "-h", "--help", "--version"}
        if args and args[0] not in known:
            args = ["grade", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; whatever was foreseen to go wrong ends as a message and exit code 2."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
        try:
            return super().invoke(ctx)
        except EXPECTED_ERRORS as error:
            click.echo(f"autograde: {error}", err=True)
            ctx.exit(USAGE_ERROR)
        except KeyboardInterrupt:
            text = "what is finished is kept, and the same command continues with the rest"
            click.echo(f"autograde: stopped; {text}", err=True)
            ctx.exit(UNMARKED)


@click.group(cls=GradeByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograde")
def main() -> None:
    """Grade a class: autograde SUBMISSIONS.

    SUBMISSIONS is a folder (or one archive) of folders, archives, notebooks or
    modules, one a student. `autograde grade --help` lists the options.
    """


for _command in (
    *(grade, regrade, review, publish, release, verify, open_page, doctor),
    *(export, feedback, push, similar, forget, check, pack, package),
):
    main.add_command(_command)
