"""Days in words, in each language of the site: `January 26, 2017`, `26 de enero de 2017`, `26 janvye 2017`."""

from __future__ import annotations

from datetime import date

from comity.period import day_of

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "ht": ["janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm"],
}
FORMS = {"en": "{month} {day}, {year}", "es": "{day} de {month} de {year}", "ht": "{day} {month} {year}"}


def say_day(language: str, day: date | str) -> str:
    """A day in words; a text is a day as ISO 8601 writes it, and another text stays as it is."""
    read = day_of(day) if isinstance(day, str) else day
    if read is None:
        return str(day)
    return FORMS[language].format(month=MONTHS[language][read.month - 1], day=read.day, year=read.year)
