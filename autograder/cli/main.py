"""The command itself; each of its subcommands is a module of this room."""

from __future__ import annotations

import signal
from importlib import import_module
from typing import Any

import click

from .. import __version__
from ..errors import ExpectedError
from .exit_codes import UNMARKED, USAGE_ERROR

HOMES = {
    "check": "handing_in.check",
    "doctor": "doctor.doctor",
    "export": "export.export",
    "feedback": "export.feedback",
    "forget": "forget.forget",
    "grade": "grade.grade",
    "open": "open.open_page",
    "pack": "handing_in.pack",
    "package": "package.package",
    "publish": "publish.publish",
    "push": "push.push",
    "regrade": "regrade.regrade",
    "release": "release.release",
    "review": "review.review",
    "similar": "similar.similar",
    "verify": "verify.verify",
}
"""Subcommand -> module and function of this room. Only the one that is asked for is loaded."""


class GradeByDefault(click.Group):
    """A group whose first word is a submissions folder unless it is a command's name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All commands, by name."""
        return list(HOMES)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None if there is no such one."""
        if cmd_name not in HOMES:
            return None
        module, _, function = HOMES[cmd_name].partition(".")
        command = getattr(import_module(f".{module}", __package__), function)
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `grade` before anything that is not a command or a plea for help."""
        known = {*HOMES, "-h", "--help", "--version"}
        if args and args[0] not in known:
            args = ["grade", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; whatever was foreseen to go wrong ends as a message and exit code 2."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
        try:
            return super().invoke(ctx)
        except ExpectedError as error:
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
