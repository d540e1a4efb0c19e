"""The command line: what goes in, what goes to stdout and stderr, and with which code it ends.

Data goes to stdout, everything else to stderr; progress is shown on a terminal only. Exit codes: 0 published,
1 a fault of ours, 2 usage or settings, 3 published and `--fail-on` matched, 4 another run holds the lock,
5 not published or incomplete, an interrupted refresh too; 128 and its number for a signal that ended another
command. Imports that cost time stand in the commands that need them.
"""

from __future__ import annotations

import errno
from itertools import pairwise
from typing import Any, NoReturn

import click

from scraper import __version__
from scraper.cli import looking, mending, upkeep, visiting
from scraper.commands import streams
from scraper.errors import NotPublished, ScraperError, UsageError
from scraper.visits.interrupts import Ending, forget, terminable, was_interrupt

_AS_JSON = f"{__name__}.as_json"
"""Whether a program reads what is printed: then an error is JSON too."""
_UNMAPPED = "failed to map segment"
"""What the system says of a library that finds no room in memory."""
_NO_MEMORY = "There is not enough memory: see `ulimit -v`, or what limits this container, and run again."


class _Commands(click.Group):
    """Tells our errors in one line, with their exit code, whatever command they come from."""

    def main(self, *args: Any, **extra: Any) -> Any:
        streams.open_all()
        return super().main(*args, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from scraper.commands.guessing import meant

            raise UsageError(meant(args[0], self.commands))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        pairs = {" ".join(pair) for pair in pairwise(args)}
        ctx.meta[_AS_JSON] = bool({"--json", "--format=json"} & set(args) or "--format json" in pairs)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with terminable() as ending:
            try:
                return self._invoke(ctx)
            except ScraperError as error:
                _tell(ctx, str(error), error.exit_code)
            except KeyboardInterrupt:
                _stop(ctx, ending)
            except (MemoryError, ImportError) as error:
                if isinstance(error, ImportError) and _UNMAPPED not in str(error):
                    raise
                _tell(ctx, _NO_MEMORY, NotPublished.exit_code)
            except Exception as error:
                if not was_interrupt(error):
                    raise
                _stop(ctx, ending)

    def _invoke(self, ctx: click.Context) -> Any:
        """The command, where its output may find nobody who reads it, or no room."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # `scraper links … | head`: the reader has seen enough
            streams.drop_output()
            ctx.exit(0)
        except OSError as error:
            from scraper.files import explain, is_known

            # Whatever the disk refuses is no fault of ours.
            if error.filename is not None and is_known(error):
                _tell(ctx, f"Cannot use {error.filename}: {explain(error)}.", NotPublished.exit_code)
            if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
                raise
            streams.drop_output()
            click.echo(f"scraper: standard output: {error.strerror}.", err=True)
            ctx.exit(1)


def _stop(ctx: click.Context, ending: Ending) -> NoReturn:
    forget()
    _tell(ctx, "Interrupted.", ending.exit_code)


def _tell(ctx: click.Context, what: str, exit_code: int) -> NoReturn:
    """One line for people, an object for programs, and the end."""
    from scraper.reports.text import document, plain

    message = plain(what)
    click.echo(f"scraper: {message}", err=True)
    if ctx.meta[_AS_JSON]:
        click.echo(document(error={"message": message, "exit_code": exit_code}))
    ctx.exit(exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, "-V", "--version", prog_name="scraper")
def main() -> None:
    """Link health and metadata for lists of papers.

    Reads an article, visits each OpenReview, GitHub and other link in it, says how healthy each one is and
    why, and writes enriched tables and reports.
    """


for _command in (
    visiting.refresh,
    visiting.check,
    looking.links,
    looking.report,
    looking.changes,
    looking.history,
    mending.fix,
    mending.publish,
    upkeep.doctor,
    upkeep.trust,
    upkeep.completions,
    visiting.demo,
    upkeep.store,
):
    main.add_command(_command)
