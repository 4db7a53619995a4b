"""Other words for choices and facts: read where they mean one thing, refused with the choices where they may mean several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.facts.kinds import KnownSet
from comity.facts.request import READ_AS, flatten, read_values
from comity.facts.synonyms import WORD_MAX, squeeze, suggest_choices
from comity.facts.vocabulary import read_vocabulary

POLICIES = Path(__file__).parents[2] / "policies"
VOCABULARY = read_vocabulary(POLICIES)[0]
OFFENSES = VOCABULARY.names["convictions[].offense"]
CHOICES = [(path, word) for path, names in VOCABULARY.names.items() for word in names]


def read(document: dict[str, Any], **more: Any) -> tuple[dict[str, Any], list[Any]]:
    return read_values(flatten(document, VOCABULARY), VOCABULARY, "request", **more)


@pytest.mark.parametrize("word", ["I-247A", "I247A", "i 247 a", "Form I-247A", "form i247a"])
def test_a_form_is_read_as_it_is_printed(word: str) -> None:
    values, findings = read({"request": {"form": word}})
    assert values == {"request.form": "i247a"}
    assert [(finding.code, finding.grave) for finding in findings] == [(READ_AS, False)]
    assert findings[0].message == f'request.form "{word}" was read as i247a'
    assert word not in findings[0].without_values().message and "i247a" not in findings[0].without_values().message


@pytest.mark.parametrize(
    ("word", "family"),
    [("DWI", "dui"), ("driving under the influence", "dui"), ("Murder", "homicide"), ("larceny", "theft")],
)
def test_an_offense_is_read_by_its_usual_names(word: str, family: str) -> None:
    for listed in ("convictions", "charges"):
        values, findings = read({listed: [{"offense": word}]})
        assert values[listed].items[0]["offense"] == family
        assert f'{listed}[0].offense "{word}" was read as {family}' == findings[0].message


def test_members_of_a_set_are_read_by_other_words() -> None:
    values, findings = read({"request": {"asks": ["Detain", "notify"]}})
    assert values["request.asks"] == KnownSet(frozenset({"hold", "notify"})) and len(findings) == 1


@pytest.mark.parametrize(
    ("word", "choices"),
    [
        ("assault", "simple_assault or aggravated_assault or assault_other"),
        ("home invasion", "home_invasion_robbery or residential_burglary"),
        ("trafficking", "drug_trafficking or human_trafficking"),
    ],
)
def test_an_ambiguous_word_is_a_finding_with_every_choice(word: str, choices: str) -> None:
    values, (finding,) = read({"convictions": [{"offense": word}]})
    assert values["convictions"].items == ({},)
    assert (finding.code, finding.grave) == ("unknown-choice", True)
    assert finding.message == f'convictions[0].offense "{word}" may mean {choices}'


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("thief", ("theft",)), ("robery", ("robbery",)), ("murdr", ("homicide",)), ("traficking", ("drug_trafficking", "human_trafficking")),
        ("home", ()), ("invasion", ()), ("bigamy", ()), ("i247b", ()), ("", ()), ("x" * 500, ()),
    ],
)  # fmt: skip
def test_a_suggestion_never_leads_to_another_act(word: str, near: tuple[str, ...]) -> None:
    assert suggest_choices(word, OFFENSES) == near


def test_a_suggestion_never_leads_to_a_form_that_is_left_out() -> None:
    old = tuple(form for form in VOCABULARY.entries["request.form"].words if form not in ("i247a", "other"))
    for word in ("I-247", "detainer", "i247", "i247b", "form I-247 D (old)"):
        _, (finding,) = read({"request": {"form": word}}, not_suggested={"request.form": old})
        assert not [form for form in old if form in finding.help + finding.message.replace(word, "")]


@pytest.mark.parametrize(
    ("document", "path", "value"),
    [
        ({"convictions": [{"date": "2019-03-02"}]}, "convictions", "convicted_on"),
        ({"charges": [{"Charge_Date": "2019-03-02"}]}, "charges", "charged_on"),
        ({"priors": [{"convicted_on": "2019-03-02"}]}, "convictions", "convicted_on"),
    ],
)
def test_a_field_is_read_by_another_name(document: dict[str, Any], path: str, value: str) -> None:
    values, (finding,) = read(document)
    assert list(values[path].items[0]) == [value] and not finding.grave


def test_a_fact_by_two_names_is_a_finding() -> None:
    values, (finding,) = read({"convictions": [{"convicted_on": "2019-03-02", "date": "2020-03-02"}]})
    assert (finding.code, finding.grave) == ("doubled-key", True)
    _, (finding,) = read({"custody": {"release_time": None, "release_at": "2020-03-02T09:00:00Z"}})
    assert finding.message == 'custody.release_eligible_at was read from "custody.release_at"'


def test_each_word_of_the_vocabulary_means_what_it_says() -> None:
    for path, word in CHOICES:
        assert set(VOCABULARY.names[path][word]) <= set(VOCABULARY.entries[path].words)
        assert word == squeeze(word) != ""


def test_the_vocabulary_has_no_faulty_synonym(tmp_path: Path) -> None:
    text = (POLICIES / "vocabulary.yaml").read_text(encoding="utf-8")
    changes = [
        ("dui: [DWI,", "dui: [Murder, DWI,", 'the synonym "Murder" of dui also means homicide'),
        ("dui: [DWI,", "dui: [robbery, DWI,", 'the synonym "robbery" of dui also means robbery'),
        ("dui: [DWI,", "duo: [DWI,", 'there is no choice "duo"'),
        ("  drugs: [drug_trafficking,", "  DWI: [drug_trafficking,", 'the ambiguous word "DWI" is a word for dui'),
        ("abuse: [child_abuse,", "abuse: [child_abus,", 'the ambiguous word "abuse" must name two or more'),
        ("aliases: [crime, offence]", "aliases: [grade, offence]", 'the alias "grade" of convictions[].offense'),
        ("synonyms: convictions[].offense", "synonyms: request.form", "has not the same members"),
    ]
    assert read_vocabulary(POLICIES)[1] == []
    for before, after, message in changes:
        assert before in text
        (tmp_path / "vocabulary.yaml").write_text(text.replace(before, after), encoding="utf-8")
        assert message in " ".join(finding.message for finding in read_vocabulary(tmp_path)[1])


@given(st.sampled_from(sorted(VOCABULARY.names)), st.text(max_size=WORD_MAX + 5))
def test_any_word_is_read_or_refused(path: str, word: str) -> None:
    names = VOCABULARY.names[path]
    assert all(
        suggest_choices(word, names, left_out=(choice,)) != (choice,) for choice in VOCABULARY.entries[path].words
    )
