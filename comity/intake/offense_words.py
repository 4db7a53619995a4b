"""Which texts name an offense, in a column of charges: by a word of the titles of the Uniform Offense Classification.

A text without such a word is not taken for an offense: "0", a note, or the heading of another column.
"""

from __future__ import annotations

import re

from comity.intake.blanks import says_no_conviction

# Beginnings of words, in the order of the chapters of the classification.
BEGINNINGS = " ".join(
    (
        "treason espionage sabotage sedition military desertion selective immigration alien illegal smuggl",
        "homicid murder manslaughter kidnap abduct hostage imprison sex rape sodomy molest lewd indecen",
        "statutory robber carjack hijack assault batter intimidat threat harass stalk violen abus cruel",
        "neglect aborti arson explosi bomb incendiar extort blackmail break theft steal stolen shoplift",
        "pickpocket purse pocket vehicle auto forg counterfeit fraud swindl embezzl imperson identity insuffi",
        "checks credit propert vandal mischief damag drug narcotic heroin cocaine opium marijuana cannabis",
        "amphet barbit halluc methamph controlled substance parapherna dangerous porn obscen incest bigam",
        "polygam prostitut pimp procur pander gambl lotter bookmak liquor alcohol drunk intoxic dui dwi dwai",
        "owi oui driv traffic hit reckless speed licens suspend obstruct resist evad elud flight fugitive",
        "escape harbor perjur contempt bail bond parole bribe kickback riot disturb assembl loiter trespass",
        "weapon firearm gun ammunition conceal tax customs antitrust monop launder racket conspir solicit",
        "gang invasion eavesdrop wiretap election vot civil conserv fish hunt environment animal food health",
        "zoning nonsupport nonpayment family domestic child minor contribut runaway curfew truan juvenile",
        "probat protecti restrain injunct witness tamper evidence material felon misdemeanor offense crime",
        "criminal unlawful possess sale sell deliver manufactur distribut deal import cultivat failure",
        "register accessory attempt endanger vagran peace sovereignty exploit terror evasion leaving scene",
        "revenue asslt aggrav burgl larc anarch bestial burning card dice condit conflict cosmetic crossing",
        "desecrat disord divulg frequent gratui homosexual invad keeping misconduct opening peeping",
        "refusing seduct transmit trnsp unauth viola voyeur contraband",
    )
).split()
WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(BEGINNINGS)}|false [a-z])", re.IGNORECASE)
NEGATED = re.compile(r"^(?:no|none|not|never|nothing|without|dismissed|acquitted|pending|unknown)\b", re.IGNORECASE)


def names_an_offense(text: str) -> bool:
    """Whether a text in a column of offenses names one; not where it begins by saying that there is none."""
    if NEGATED.search(text) or says_no_conviction(text):
        return False
    return WORD.search(text) is not None
