"""The command line: `smallwins demo | run | check | status | migrate | invite | backup | restore | faq`.

Exit status 0, or 2 with one sentence.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DBAPIError

from bot import __version__, checks, logs, settings
from bot.db import reason
from bot.errors import OperatorError
from bot.loading import loading

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
faq_app = typer.Typer(no_args_is_help=True, help="Ask the FAQ's matcher, and measure it.")
app.add_typer(faq_app, name="faq")


def main() -> None:
    """The program's entrance: an OperatorError becomes its sentence and exit status 2, never a traceback."""
    try:
        app()
    except OperatorError as error:
        typer.echo(f"smallwins: {error}", err=True)
        raise SystemExit(2) from None
    except DBAPIError as error:
        typer.echo(
            f"smallwins: The database does not answer: {reason(error)}. Check SMALLWINS_DATABASE_URL, the disk and its "
            "permissions; what was stored is kept.",
            err=True,
        )
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Small Wins: the community of people who start diabetes peer support programmes."""


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the chat page; 0 for any free one.")] = 8420,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page where there is a desktop.")] = True,
) -> None:
    """Try everything at once: the real bot with a Telegram look-alike on this machine. No token, no network."""
    with loading():
        from bot import demo as show

    logs.begin("text")
    asyncio.run(show.run(port=port, browser=browser))


@app.command()
def run() -> None:
    """Run the bot for real; settings come from the environment or .env."""
    with loading():
        from bot import process

    loaded = settings.load()
    logs.begin(loaded.log)
    loaded.required_token()
    try:
        asyncio.run(process.run(loaded))
    finally:
        gc.freeze()  # Python would look through all that is left once more: two of the five seconds that an end may take


@app.command()
def check() -> None:
    """Look at settings, database, catalogues, content and token: a line each, with what to do."""
    findings = checks.everything()
    for finding in findings:
        typer.echo(str(finding))
    if not all(finding.good for finding in findings):
        raise typer.Exit(2)


@app.command()
def migrate() -> None:
    """Bring the database to this version."""
    from bot.db import Database

    database = Database(settings.load().database_url)
    database.migrate()
    typer.echo(f"The database is at schema {database.version()}.")


@app.command()
def status() -> None:
    """Who delivers, what waits, for how long, and what went wrong in the last day; status 2 when somebody should look."""
    from bot import status as standing

    found = standing.look(settings.load())
    typer.echo(str(found))
    if found.troubles:
        raise typer.Exit(2)


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; a name with the time in it by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write all that is stored into one file, also while the bot runs."""
    from bot import backups, clock
    from bot.db import Database

    now = clock.now()
    database = Database(settings.load().database_url)
    made = backups.make(database, file or Path(f"smallwins-{now:%Y%m%d-%H%M%S}.backup"), now=now, force=force)
    database.close()
    typer.echo(f"{made.file}: {sum(made.rows.values())} rows, schema {made.schema}, {made.file.stat().st_size} bytes.")


@app.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="A file that `smallwins backup` made.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace all that the database holds.")] = False,
    release: Annotated[bool, typer.Option("--release", help="After a restore: send what is overdue.")] = False,
    void: Annotated[bool, typer.Option("--void", help="After a restore: drop what is overdue.")] = False,
) -> None:
    """Put a backup into the database; what it owes is held until an organizer, or --release or --void, decides."""
    from bot import backups, clock
    from bot.db import Database

    if (file is not None) + release + void != 1:
        raise typer.BadParameter("give a FILE to restore, or --release, or --void")
    database = Database(settings.load().database_url)
    if file is None:
        count = backups.decide(database, void=void, now=clock.now())
        typer.echo(f"{count} overdue messages are {'void' if void else 'released'}.")
    else:
        found = backups.restore(database, file, now=clock.now(), force=force)
        typer.echo(
            f"Restored {sum(found.rows.values())} rows as of {found.at:%Y-%m-%d %H:%M} UTC. What was owed is held: "
            "'smallwins run' asks the organizers what to do with it."
        )
    database.close()


@app.command()
def invite(
    role: Annotated[str, typer.Argument(help="owner, organizer, consultant or trainee")],
    cohort: Annotated[str | None, typer.Option(help="Cohort that the invited belong to.")] = None,
    uses: Annotated[int, typer.Option(min=1, max=10_000, help="How many people may use the link.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days it works.")] = 30,
) -> None:
    """Print a link that gives a role; the first owner comes in with `smallwins invite owner`."""
    from bot import invitations

    link = invitations.make(settings.load(), role, cohort=cohort, uses=uses, lasts=timedelta(days=days))
    typer.echo(link)


@faq_app.command("match")
def match() -> None:
    """Read questions as JSON lines {"text", "lang"?} and write decisions, a line each."""
    from bot import knowledge

    matcher = knowledge.load(settings.load()).match
    clean = True
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        question = _question(number, line)
        if question is None:
            clean = False
            continue
        typer.echo(json.dumps(_decided(matcher, *question), ensure_ascii=False))
        sys.stdout.flush()
    if not clean:
        raise typer.Exit(2)


def _question(number: int, line: str) -> tuple[str, str | None] | None:
    """The text and language of a line; None, with a sentence on standard error, for anything else."""
    try:
        read = json.loads(line)
    except json.JSONDecodeError as error:
        typer.echo(f"smallwins: line {number} is not JSON ({error.msg}).", err=True)
        return None
    if not isinstance(read, dict) or not isinstance(read.get("text"), str):
        typer.echo(f'smallwins: line {number} needs a "text".', err=True)
        return None
    lang = read.get("lang")
    return read["text"], lang if isinstance(lang, str) else None


def _decided(matcher: Callable[[str, str | None], Any], text: str, lang: str | None) -> dict[str, Any]:
    begun = time.perf_counter()
    found = matcher(text, lang)
    spent = (time.perf_counter() - begun) * 1000
    entries = [{"id": hit.id, "score": round(hit.score, 4)} for hit in found.hits]
    return {"text": text, "decision": found.decision, "entries": entries, "ms": round(spent, 2)}


@faq_app.command("eval")
def evaluate(file: Annotated[Path, typer.Argument(help="JSON lines with text, lang, expect, kind.")]) -> None:
    """Measure the matcher on labelled questions: every figure with its interval, and the worst misses."""
    from bot import knowledge
    from bot.features.faq import content
    from bot.search import evaluation

    loaded = settings.load()
    matcher = knowledge.matcher(content.load(loaded.content_folders), loaded)
    typer.echo(str(evaluation.evaluate(matcher, evaluation.read_lines(file))))


@faq_app.command("checked")
def checked(
    entries: Annotated[list[str] | None, typer.Argument(help="Ids of entries; none for all.")] = None,
) -> None:
    """Record that both languages of entries were read side by side and agree."""
    from bot.features.faq import content, pairing

    loaded = settings.load()
    folder = loaded.content_folders[-1]
    number = pairing.record(content.load(loaded.content_folders), entries or [], folder)
    typer.echo(f"{number} recorded in {folder / pairing.CHECKED}.")


@faq_app.command("prepare")
def prepare(
    questions: Annotated[Path, typer.Argument(help="JSON lines that set the limits.")] = Path("data/matching/tune.jsonl"),
    folder: Annotated[Path, typer.Argument(help="Content folder to write vectors and limits into.")] = Path("data"),
) -> None:
    """Compute vectors and limits anew after larger changes of the content; takes some minutes."""
    from bot.features.faq import content
    from bot.search import evaluation, preparing

    lines = evaluation.read_lines(questions)
    preparing.prepare(content.load(settings.load().content_folders).corpus(), lines, folder)
    typer.echo(f"Written into {folder / 'matching'}.")
