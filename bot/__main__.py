"""python -m bot COMMAND. The only place that puts the parts together."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def run() -> None:
    """Set up what is missing, then serve the chat page and the channels with a worker in one process."""
    from bot.preparing import prepare

    settings = Settings()
    prepare(settings)
    print(f"http://{settings.host}:{settings.port}/chat", file=sys.stderr)
    _serve()


def _serve(*, gateway: bool = True, worker: bool = True) -> None:
    from bot.logs import configure
    from bot.running import run as serve
    from bot.running import worker_with_rasa
    from connectors.gateway import gateway_of

    settings = Settings()
    configure(settings.log_level)
    raise typer.Exit(serve(settings, gateway=gateway_of if gateway else None, worker=worker_with_rasa if worker else None))


@app.command()
def gateway() -> None:
    """Serve the chat page and the channels; workers run elsewhere on the same databases."""
    _serve(worker=False)


@app.command()
def worker() -> None:
    """Answer what gateways accepted, with a model and the knowledge."""
    _serve(gateway=False)


@app.command()
def train() -> None:
    """Train the model when config.yml, the domain, data/ or the NLU code changed."""
    from bot.preparing import train_when_needed

    train_when_needed(Settings())


@app.command()
def migrate() -> None:
    """Bring the three databases up to date."""
    from bot.preparing import migrate as upgrade

    upgrade(Settings())


@app.command()
def seed() -> None:
    """Load the sample listings and companies, once."""
    from bot.preparing import load_samples

    load_samples(Settings())


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="must not exist yet")],
    with_secret: Annotated[bool, typer.Option("--with-secret", help="keep the key of sessions and buttons too")] = False,
    portable: Annotated[bool, typer.Option("--portable", help="files that SQLite and PostgreSQL both take")] = False,
) -> None:
    """Copy the three databases while the assistant runs."""
    from bot.operating import commands

    raise typer.Exit(commands.backup(Settings(), folder, with_secret=with_secret, portable=portable))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="what `backup` made")],
    replace: Annotated[bool, typer.Option("--replace", help="throw away what the databases hold")] = False,
) -> None:
    """Bring a backup back while the assistant is down. Nothing is sent a second time."""
    from bot.operating import commands

    raise typer.Exit(commands.restore(Settings(), folder, replace=replace))


@app.command()
def purge() -> None:
    """Delete what is older than the KEEP_..._DAYS settings."""
    from bot.operating import commands

    raise typer.Exit(commands.purge(Settings()))


@app.command()
def health() -> None:
    """Ask the process on OPS_PORT how it is. Exit code 1, the trouble and its runbook when it is not well."""
    from bot.operating import commands

    raise typer.Exit(commands.health(Settings()))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def rasa(context: Annotated[typer.Context, typer.Option(hidden=True)]) -> None:
    """Rasa's own command line on this project, for example: rasa shell, rasa data validate, rasa test."""
    from bot.rasa_commands import rasa as command

    command(context.args)


if __name__ == "__main__":
    # numpy's own threads only get in the way of gateway and worker: measured 1 ms against 7 ms for a classification.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    app()
