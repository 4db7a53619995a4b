"""The functions that read a raw request, written as Python source and compiled once for a stack's questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from comity.engine.compiled.beyond import BEYOND, jail_set, section_of
from comity.engine.compiled.lists import ListQuestions
from comity.engine.compiled.record_source import check_source
from comity.engine.compiled.typed import (
    DAYS_MAX,
    ENTRIES_MAX,
    Table,
    Unusual,
    as_key,
    checker,
    set_of_key,
    unusual,
    value_reader,
)
from comity.engine.questions.answers import UNKNOWN, Answerer, answerer, sides_in_line
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import QUANTIFIERS, Split
from comity.facts import kinds
from comity.facts.kinds import Value
from comity.facts.plain_values import NUMBER_MAX
from comity.facts.request import DERIVED_DAYS, LIST_MAX
from comity.intake.form import asked_by_form
from comity.period import shifted

ASKS, FORM, DECIDED = "request.asks", "request.form", "decision.on"
ENVELOPE = ("place", "at")


class RequestSource:
    """Writes and compiles a function that reads a request into the answers to the questions of a stack, by their indices.

    `days` gives the local day of a moment as it was written. With `wanted`, only these questions are answered: a fact that none
    of them asks about is checked and no more. `answers` has the expression of each answer. The function raises `Unusual`, or
    `TypeError`, for what it cannot read.
    """

    def __init__(self, questions: Questions, days: Table, wanted: Collection[int] | None = None) -> None:
        self.questions, self.vocabulary, self.facts = questions, questions.stack.vocabulary, questions.stack.facts
        self.days = days
        self.wanted = frozenset(range(len(questions.splits)) if wanted is None else wanted)
        self.lists = list_questions(questions, self.wanted)
        self.names: dict[str, Any] = {"unusual": unusual, "as_key": as_key, "empty": {}.get, "LIST_MAX": LIST_MAX}
        self.names |= {"date": date, "shifted": shifted}
        self.answers = {place: f"a{place}" for place in self.wanted}
        self.lines = list(self._source())

    def key(self, places: Iterable[int]) -> str:
        """The answers to some questions as an expression: a tuple."""
        return f"({''.join(f'{self.answers[place]}, ' for place in places)})"

    def compiled(self, result: str, names: Mapping[str, Any] = {}) -> Callable[[Mapping[str, Any], date], Any]:
        """The function that reads a request and returns an expression of the answers."""
        known = {**self.names, **names}
        source = "\n".join([*self.lines, f"    return {result}"])
        exec(compile(source, "<a reader of requests>", "exec"), known)  # noqa: S102  paths come in quoted by repr
        read: Callable[[Mapping[str, Any], date], Any] = known["read"]
        return read

    def _source(self) -> Iterable[str]:
        """The function up to its last line, section by section: the facts in an object such as `request`, then those at the top."""
        beside_lists = {
            place: split
            for place, split in enumerate(self.questions.splits)
            if not isinstance(split.atoms[0], QUANTIFIERS)
        }
        single = {place: split.facts[0] for place, split in beside_lists.items() if len(split.facts) == 1}
        several = [place for place in beside_lists if place not in single and place in self.wanted]
        typed = {fact for place in several for fact in beside_lists[place].facts}
        typed |= {fact for questions in self.lists.values() for fact in questions.context}
        others = {fact for split in self.questions.splits for fact in split.facts} - {*single.values(), *self.lists}
        paths = dict.fromkeys((*single.values(), *sorted(others), *self.lists))
        single = {place: path for place, path in single.items() if place in self.wanted}
        if ASKS in paths:
            paths = dict.fromkeys((FORM, *paths))
        moments = [path for day, moment in DERIVED_DAYS.items() for path in (moment,) if day in paths]
        sections: dict[str, list[str]] = {}
        for path in dict.fromkeys((*moments, *paths)):
            if path != DECIDED and self.vocabulary.kind(path) is not None and section_of(path) not in BEYOND:
                sections.setdefault(path.rpartition(".")[0], []).append(path)
        yield "def read(document, day):"
        yield f"    if document.__class__ is not dict or not TOP(document): {self._rest('', sections)}(document)"
        for section, inside in sections.items():
            yield from self._section(section, inside, sections)
            for path in inside:
                yield from self._fact(path, [place for place, fact in single.items() if fact == path], path in typed)
        yield from self._beside(single, typed)
        for path, questions in self.lists.items():
            yield from self._list(path, questions)
        for place in several:
            yield from sides_in_line(beside_lists[place], partial(_name, "v"), f"a{place}")

    def _section(self, section: str, inside: Sequence[str], sections: Mapping[str, Sequence[str]]) -> Iterable[str]:
        if not section:
            yield "    get = document.get"
            return
        known = self._name_of("K", section, frozenset(path.rpartition(".")[2] for path in inside).issuperset)
        yield f"    section = document.get({section!r})"
        yield "    if section is None: get = empty"
        yield "    else:"
        yield "        if section.__class__ is not dict: unusual(section)"
        yield f"        if not {known}(section): {self._rest(section, sections)}(section)"
        yield "        get = section.get"

    def _rest(self, section: str, sections: Mapping[str, Sequence[str]]) -> str:
        """The name of a function that reads what no question asks, to find what is wrong with it."""
        tops = set(sections.get("", ())) | {name for name in sections if name}
        known = tops | set(ENVELOPE) if not section else {path.rpartition(".")[2] for path in sections[section]}
        if not section:
            self.names["TOP"] = frozenset(known).issuperset
        prefix = f"{section}." if section else ""
        tables: dict[str, Callable[[Any], Any]] = {}

        def check(path: str, raw: Any) -> None:
            if path not in tables:
                kind = self.vocabulary.kind(path) if "[" not in path else None
                if kind is None or path == DECIDED:
                    raise Unusual(path)
                read = value_reader(path, self.vocabulary)
                jail_only = path == ASKS and (lambda raw: jail_set(read(raw)))  # type: ignore[arg-type]
                tables[path] = jail_only or checker(path, kind, read)
            tables[path](raw)

        pairs = [(day.rpartition("."), moment.rpartition(".")) for day, moment in DERIVED_DAYS.items()]
        both = [(day[2], moment[2]) for day, moment in pairs if day[0] == moment[0] == section]

        def rest(given: Any) -> None:
            if given.__class__ is not dict or any(day in given and moment in given for day, moment in both):
                raise Unusual(given)
            for name, raw in given.items():
                # A dotted name may be that of a fact which is read elsewhere.
                if name.__class__ is not str or "." in name or (not section and name in BEYOND - {"place"}):
                    raise Unusual(name)
                if raw is None or name in known:
                    continue
                inside = not section and raw.__class__ is dict and name not in self.vocabulary.entries
                for inner, value in raw.items() if inside else [("", raw)]:
                    if value is not None:
                        check(f"{name}.{inner}" if inside else f"{prefix}{name}", value)

        return self._name_of("rest", section, rest)

    def _fact(self, path: str, places: Sequence[int], typed: bool) -> Iterable[str]:
        """Reads one fact into the answers to the questions about it alone, and where others need it, into its value."""
        kind, key = self.vocabulary.kind(path), path.rpartition(".")[2]
        raw = _name("r", path)
        yield f"    {raw} = get({key!r})"
        if isinstance(kind, kinds.Records):
            return
        if isinstance(kind, kinds.Moment):
            table = self._name_of("T", path, self.days)
            day = next(day for day, moment in DERIVED_DAYS.items() if moment == path)
            yield f"    {_name('d', day)} = None if {raw} is None else {table}[{raw}]"
            return
        if path in DERIVED_DAYS and self._reads_moment(path):
            yield f"    if {_name('d', path)} is not None: {raw} = {_name('d', path)} if {raw} is None else unusual({raw})"
        together = typed and places and not isinstance(kind, (kinds.Truth, kinds.Number, kinds.Set))
        if typed and not together:
            yield from self._typed(path, kind, raw)
        if places:
            yield from self._answers(path, kind, places, raw, _name("v", path) if together else "")
        elif not typed and kind is not None:
            table = self._name_of("V", path, self._checking(path, kind))
            yield f"    {table}[{raw}]" if isinstance(kind, kinds.Day) else f"    {check_source(kind, raw, table)}"

    def _checking(self, path: str, kind: kinds.Kind) -> Table:
        """The values of a fact that no answer is wanted about, by what was written: read to see whether each is one."""
        read = value_reader(path, self.vocabulary)
        if isinstance(kind, kinds.Set):
            return Table(lambda key: jail_set(set_of_key(key, read)))
        return Table(read, {None: None}, most=DAYS_MAX if isinstance(kind, kinds.Day) else ENTRIES_MAX)

    def _reads_moment(self, path: str) -> bool:
        return self.vocabulary.kind(DERIVED_DAYS[path]) is not None

    def _typed(self, path: str, kind: kinds.Kind | None, raw: str) -> Iterable[str]:
        read = value_reader(path, self.vocabulary)
        absent = self.facts.get(path)
        match kind:
            case kinds.Truth() | kinds.Number():
                of = "bool" if isinstance(kind, kinds.Truth) else "int"
                place = self._name_of("F", path, absent)
                check = "" if isinstance(kind, kinds.Truth) else f" and {kind.minimum} <= {raw} <= {NUMBER_MAX}"
                yield f"    {_name('v', path)} = {place} if {raw} is None else {raw} if {raw}.__class__ is {of}{check} else unusual({raw})"
            case kinds.Set():
                raise ValueError(f"no question compares the set {path} with another fact")
            case _:
                table = self._name_of("V", path, Table(read, {None: absent}))
                yield f"    {_name('v', path)} = {table}[{raw}]"

    def _answers(
        self, path: str, kind: kinds.Kind | None, places: Sequence[int], raw: str, value_name: str = ""
    ) -> Iterable[str]:
        """Looks the answers up in a table by the raw value, with the value itself under `value_name` if that is given.

        What is true of the place answers where nothing is given.
        """
        splits = [self.questions.splits[place] for place in places]
        answerers = [answerer(split, self.vocabulary) for split in splits]
        targets = ", ".join(f"a{place}" for place in places)

        def answers(value: Value | None) -> Any:
            found = tuple([answer({} if value is None else {path: value}) for answer in answerers])
            return found if len(found) > 1 else found[0]

        absent, read = answers(self.facts.get(path)), value_reader(path, self.vocabulary)
        match kind:
            case kinds.Truth():
                so, not_so, none = (
                    self._name_of(mark, path, value)
                    for mark, value in zip("STN", (answers(True), answers(False), absent), strict=True)
                )
                rest = f"{none} if {raw} is None else unusual({raw})"
                yield f"    {targets} = {so} if {raw} is True else {not_so} if {raw} is False else {rest}"
            case kinds.Number():
                table = self._name_of("A", path, Table(lambda value: answers(read(value))))
                none = self._name_of("N", path, absent)
                yield f"    {targets} = {none} if {raw} is None else {table}[{raw}] if {raw}.__class__ is int else unusual({raw})"
            case kinds.Set():
                table = self._name_of("A", path, Table(lambda key: answers(jail_set(set_of_key(key, read)))))
                none = self._absent_set(path, absent, answers)
                given = f"{table}[tuple({raw})] if {raw}.__class__ is list else {table}[as_key({raw})]"
                yield f"    {targets} = {none} if {raw} is None else {given}"
            case _:
                most = DAYS_MAX if isinstance(kind, kinds.Day) else ENTRIES_MAX
                found = _with_value(answers, len(places)) if value_name else answers
                nothing = {None: found(self.facts.get(path))}
                table = self._name_of("A", path, Table(lambda value: found(read(value)), nothing, most=most))
                yield f"    {f'{value_name}, ' if value_name else ''}{targets} = {table}[{raw}]"

    def _absent_set(self, path: str, absent: Any, answers: Callable[[Value | None], Any]) -> str:
        """What answers where a set is not given: for what is asked, the form."""
        if path != ASKS:
            return self._name_of("N", path, absent)

        def by_form(form: Any) -> Any:
            asked = asked_by_form(form) if isinstance(form, str) else None
            return absent if asked is None else answers(asked)

        return f"{self._name_of('N', path, Table(by_form))}[{_name('r', FORM)}]"

    def _beside(self, single: Mapping[int, str], typed: Iterable[str]) -> Iterable[str]:
        """The day of the decision, and what no request says: the force of an instrument with uncertain days."""
        for place, path in single.items():
            kind = self.vocabulary.kind(path)
            answer = answerer(self.questions.splits[place], self.vocabulary)
            if path != DECIDED and (kind is None or section_of(path) in BEYOND):  # no request that is read here says it
                self.answers[place] = f"{answer(self.facts)}"
            elif path == DECIDED:
                table = Table(partial(self._on_day, answer))
                yield f"    a{place} = {self._name_of('D', f'{path}{place}', table)}[day]"
        for path in typed:
            if path == DECIDED:
                yield f"    {_name('v', path)} = day"
            elif self.vocabulary.kind(path) is None or section_of(path) in BEYOND:
                yield f"    {_name('v', path)} = None"

    def _on_day(self, answer: Answerer, day: date) -> int:
        return answer({**self.facts, DECIDED: day})

    def _list(self, path: str, questions: ListQuestions) -> Iterable[str]:
        if self.facts.get(path) is not None:
            raise ValueError(f"no place has a list as a fact: {path}")
        sums, answers = self._name_of("S", path, questions.sums_by_shape), self._name_of("A", path, questions.answers)
        of_whole = self._name_of("W", path, Table(lambda total: questions.answers[total * 2 + 1]))
        targets = f"{''.join(f'a{place}, ' for place in questions.places)}= " if questions.places else ""
        nothing = self._name_of("N", path, (UNKNOWN,) * len(questions.places))
        empty = self._name_of("E", path, questions.answers[1])
        context = "".join(f"{_name('v', fact)}, " for fact in questions.context)
        tally = f"{self._name_of('L', path, questions.tallies)}[({context})]"
        if not questions.context:  # then nothing of a request changes how its records are counted
            tally = self._name_of("C", path, questions.tallies[()])
        total = f"{sums}[tuple(records[0])](records, {tally})"
        yield f"    records = {_name('r', path)}"
        yield f"    if records.__class__ is list and 0 < len(records) <= LIST_MAX: {targets}{of_whole}[{total}]"
        yield f"    elif records is None: {targets}{nothing}"
        yield f"    elif records.__class__ is list and not records: {targets}{empty}"
        yield "    else:"
        yield "        whole = 1"
        yield "        if records.__class__ is dict and len(records) == 1: records = records.get('partial'); whole = 0"
        yield "        if records.__class__ is not list or len(records) > LIST_MAX: unusual(records)"
        yield f"        {targets}{answers}[({total} if records else 0) * 2 + whole]"

    def _name_of(self, mark: str, path: str, thing: Any) -> str:
        """A name under which the function finds a thing."""
        name = _name(mark, path or "top")
        self.names[name] = thing
        return name


def _with_value(answers: Callable[[Value | None], Any], count: int) -> Callable[[Value | None], tuple[Any, ...]]:
    """A value with the answers to so many questions about it."""
    return lambda value: (value, *(answers(value) if count > 1 else (answers(value),)))


def list_questions(questions: Questions, wanted: Collection[int] | None = None) -> dict[str, ListQuestions]:
    """The questions about each list, by its path: all of them, or those of the wanted indices."""
    found: dict[str, list[tuple[int, Split]]] = {}
    for place, split in enumerate(questions.splits):
        atom = split.atoms[0]
        if isinstance(atom, QUANTIFIERS):
            about = found.setdefault(atom.over.path, [])
            if wanted is None or place in wanted:
                about.append((place, split))
    return {path: ListQuestions(path, splits, questions.stack.vocabulary) for path, splits in found.items()}


def _name(mark: str, path: str) -> str:
    return f"{mark}_{''.join(letter if letter.isalnum() and letter.isascii() else '_' for letter in path)}"
