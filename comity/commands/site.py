"""`comity site`: the public pages as a folder of files."""

from __future__ import annotations

import os
from pathlib import Path

import click

from comity.commands.options import day_given, folders, shared
from comity.commands.output import show_json
from comity.extras import report_missing_extras

OUT = "comity-site"


@click.command("site")
@click.option("--out", metavar="DIR", default=OUT, show_default=True, help="The folder to build; it is replaced.")
@click.option(
    "--place", "places", metavar="PLACE", multiple=True, help="Only the pages of this place; may be repeated."
)
@click.option("--on", metavar="DAY", help="The day that the pages are of; today by default.")
@click.option("--serve", is_flag=True, help="Then serve the folder to this machine until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port for --serve; a free one by default."
)
@shared
@report_missing_extras()
def command(
    out: str, places: tuple[str, ...], on: str | None, serve: bool, port: int, library: tuple[str, ...], as_json: bool
) -> None:
    """Builds the public pages of the law as files that any web server can serve, and that open from a folder.

    \b
    Example: comity site --place us/fl/miami-dade --out pages
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from comity.session import open_folders  # noqa: PLC0415
    from comity.site.build_site import SiteOptions, build_site  # noqa: PLC0415

    law = open_folders(folders(library))
    paths = tuple(law.place(place).path for place in places)
    built = build_site(
        SiteOptions(
            out=Path(out),
            on=day_given(on, "--on") or datetime.now(UTC).date(),
            places=paths,
            alone=bool(paths),
            folders=tuple(folders(library)),
            processes=os.cpu_count() or 1,
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
