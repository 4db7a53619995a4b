"""Other words for the choices of a fact and for the facts themselves, as people write them: `DWI` for `dui`.

They are data, in the vocabulary. A word that may mean several choices is never read as one of them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

WORD_MAX = 80  # characters of a word that is looked up; a longer one is no synonym
NEAR = 0.75  # how much of a word must be the same before another is suggested for it
Names: TypeAlias = Mapping[str, tuple[str, ...]]  # the choices that each word, squeezed, may mean


def squeeze(text: str) -> str:
    """A text in small letters and digits only, so that `I-247A`, `i247a` and `I 247 A` are the same."""
    return re.sub(r"[\W_]+", "", text[:WORD_MAX].casefold()) if len(text) <= WORD_MAX else ""


def choices_by_word(
    words: Mapping[str, str], synonyms: Mapping[str, Iterable[str]], ambiguous: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The choices that each word may mean, by the word squeezed: keys, English words, synonyms and ambiguous words."""
    found = {squeeze(word): choices for word, choices in ambiguous.items()}
    for choice, english in words.items():
        for word in (choice, english, *synonyms.get(choice, ())):
            found.setdefault(squeeze(word), (choice,))
    return {word: choices for word, choices in found.items() if word}


def find_meanings(word: str, names: Names) -> tuple[str, ...]:
    """The choices that a word may mean: one, several where the word is ambiguous, or none."""
    return names.get(squeeze(word), ())


def suggest_choices(word: str, names: Names, left_out: Collection[str] = ()) -> tuple[str, ...]:
    """The choices that a misspelt word probably means, without those `left_out`; none where no word is near.

    The nearest word must begin with the same letter: a suggestion must not lead to another act. A word with digits is the
    number of a form, and every other number is another form.
    """
    wanted = "" if any(sign.isdigit() for sign in word) else squeeze(word)
    known = [name for name, choices in names.items() if name[:1] == wanted[:1] and not set(choices).issubset(left_out)]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=NEAR) if wanted else []
    return tuple(choice for choice in names[near[0]] if choice not in left_out) if near else ()


def find_faults(
    words: Mapping[str, str], synonyms: Mapping[str, Iterable[str]], ambiguous: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[str, str]]:
    """Each faulty word of a table of synonyms, and what is wrong with it."""
    meaning = {squeeze(choice): choice for choice in words}
    for choice, english in words.items():
        meaning.setdefault(squeeze(english), choice)
    for choice, others in synonyms.items():
        if choice not in words:
            yield choice, f'there is no choice "{choice}"'
        for word in others:
            other = meaning.setdefault(squeeze(word), choice)
            if not squeeze(word):
                yield choice, f'the synonym "{word}" has no letters, or more than {WORD_MAX} characters'
            elif other != choice:
                yield choice, f'the synonym "{word}" of {choice} also means {other}'
    for word, choices in ambiguous.items():
        if squeeze(word) in meaning:
            yield word, f'the ambiguous word "{word}" is a word for {meaning[squeeze(word)]}'
        unknown = [choice for choice in choices if choice not in words]
        if unknown or len({*choices}) < 2:
            yield word, f'the ambiguous word "{word}" must name two or more choices of the fact'
