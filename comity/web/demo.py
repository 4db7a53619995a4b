"""A made-up county to try the desk with: its configuration. `demo_cases` has its accounts and cases."""

from __future__ import annotations

from pathlib import Path

CONFIG_NAME = "desk.toml"
PASSWORD = "correct horse battery staple"  # of a demonstration with no person in it
SETTINGS = """# The configuration of a made-up county's desk.
place = "us/fl/miami-dade"
agency_kind = "corrections_department"
title = "Demonstration"
law_folders = ["law"]
"""
# Made-up rates, so that costs and an invoice can be shown.
RATES = """place,kind,amount,days,from,until,source,evidence,note
us/fl/miami-dade,average,250.00,1,2020-01-01,2100-01-01,Made up for the demonstration,recalled-low,
us/fl/miami-dade,federal,120.00,1,2020-01-01,2100-01-01,Made up for the demonstration,recalled-low,
"""


def write_demo(folder: Path) -> Path:
    """Writes the configuration of a demonstration into a folder, where there is none; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CONFIG_NAME
    if not path.exists():
        law = folder / "law"
        law.mkdir(exist_ok=True)
        (law / "rates.csv").write_text(RATES, encoding="utf-8")
        path.write_text(SETTINGS, encoding="utf-8")
    return path
