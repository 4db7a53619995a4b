"""`comity site`: the public pages as a folder of files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.commands.options import bad, day_given, folders, shared
from comity.commands.output import show_json
from comity.extras import report_missing_extras
from comity.finding import Finding, InputFault, Place, phrase

if TYPE_CHECKING:
    from comity.session import Law

OUT = "comity-site"


@click.command("site")
@click.option("--out", metavar="DIR", default=OUT, show_default=True, help="The folder to build; it is replaced.")
@click.option(
    "--place", "places", metavar="PLACE", multiple=True, help="Only the pages of this place; may be repeated."
)
@click.option(
    "--single-file", metavar="FILE", help="Write the ask page of one place as one HTML file that needs no network."
)
@click.option("--on", metavar="DAY", help="The day that the pages are of; today by default.")
@click.option(
    "--drafting", metavar="DIR", help="Add the drafting room (14 MB), with the packages of Python for browsers in DIR."
)
@click.option("--serve", is_flag=True, help="Then serve the folder to this machine until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port for --serve; a free one by default."
)
@shared
@report_missing_extras()
def command(
    out: str,
    places: tuple[str, ...],
    single_file: str | None,
    on: str | None,
    drafting: str | None,
    serve: bool,
    port: int,
    library: tuple[str, ...],
    as_json: bool,
) -> None:
    """Builds the public pages of the law as files that any web server can serve, and that open from a folder.

    \b
    Example: comity site --place us/fl/miami-dade --out pages
             comity site --place us/fl/miami-dade --single-file jail.html
             comity site --drafting packages --serve
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from comity.session import open_folders  # noqa: PLC0415
    from comity.site.build_site import SiteOptions, build_site  # noqa: PLC0415

    law = open_folders(folders(library))
    paths = tuple(law.place(place).path for place in places)
    day = day_given(on, "--on") or datetime.now(UTC).date()
    if drafting and (single_file or paths):
        option = "--single-file" if single_file else "--place"
        raise bad(
            "--drafting",
            "whole-site",
            f"the drafting room is part of the whole site, not of {option}",
            f"leave out {option}",
        )
    if single_file:
        _write_single_file(Path(single_file), law, paths, day, as_json)
        return
    built = build_site(
        SiteOptions(
            out=Path(out),
            on=day,
            places=paths,
            alone=bool(paths),
            folders=tuple(folders(library)),
            processes=os.cpu_count() or 1,
            drafting=Path(drafting) if drafting else None,
        )
    )
    if as_json:
        show_json({"out": out, "pages": built.pages, "files": built.files, "bytes": built.size})
    else:
        click.echo(f"{built.pages} pages in {out}, {built.files} files, {built.size / 1e6:.1f} MB")
        if built.left_out:
            click.echo(f"Left out, since its program is not installed here: {', '.join(built.left_out)}")
    if serve:
        from comity.site.serve import serve as serve_folder  # noqa: PLC0415

        serve_folder(Path(out), port, lambda address: click.echo(f"{address} (Ctrl-C ends it)", err=as_json))


def _write_single_file(target: Path, law: Law, paths: tuple[str, ...], on: date, as_json: bool) -> None:
    """Writes the ask page of one place as one file, and says how large it is and which days it answers for."""
    from comity.present.files import write_files  # noqa: PLC0415
    from comity.site.ask.single_file import single_file  # noqa: PLC0415
    from comity.site.site import Site  # noqa: PLC0415

    if len(paths) != 1:
        message = phrase("a single file is for one place, and {count} are named", count=len(paths))
        raise InputFault([Finding("one-place", Place("--single-file"), message, phrase("name one place with --place"))])
    command = f"comity site --on {on} --place {paths[0]} --single-file {target.name}"
    found = single_file(Site(law, on, paths, alone=True), paths[0], command)
    write_files(target.parent, {target.name: found.html})
    first, last = found.first.isoformat(), found.last.isoformat()
    if as_json:
        show_json({"file": str(target), "bytes": len(found.html), "first": first, "last": last})
    else:
        click.echo(f"{target}: {len(found.html) / 1e3:.0f} kB, answers for days from {first} to {last}")
