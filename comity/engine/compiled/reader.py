"""A request as it was written, read straight into the answers to a stack's questions: the fast way in.

For each stack a function is written and compiled that looks up each value in a table (`typed`), sums each list
(`lists`), and gives the answer to every question, in the order of the splits. Whatever is not the usual form of a request
raises `Unusual`, and the general reader (`facts.request`) takes over: it gives the same answers, or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from comity.engine.compiled.beyond import BEYOND, jail_set, section_of
from comity.engine.compiled.lists import ListQuestions
from comity.engine.compiled.typed import (
    DAYS_MAX,
    ENTRIES_MAX,
    SHAPES_MAX,
    USUAL,
    Table,
    Unusual,
    as_key,
    check_key,
    check_keys,
    check_reach,
    checker,
    set_of_key,
    unusual,
    value_reader,
)
from comity.engine.questions.answers import UNKNOWN, Answerer, answerer
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import QUANTIFIERS, Split
from comity.facts import kinds
from comity.facts.kinds import Value
from comity.facts.plain_values import NUMBER_MAX
from comity.facts.request import DERIVED_DAYS, LIST_MAX, read_values
from comity.intake.form import asked_by_form

Answers: TypeAlias = tuple[int, ...]
Deciding: TypeAlias = tuple[
    str, Sequence[int], Mapping[Any, Any]
]  # an action, its questions, and a table of their answers
ASKS, FORM, DECIDED = "request.asks", "request.form", "decision.on"
ENVELOPE = ("place", "at")


class RequestReader:
    """Reads raw requests for one stack; `read(document, day)` gives the answers, `zone` is that of the place.

    `day` is the local day of the decision. `read` raises `Unusual` where the general reader must look at the request.
    `deciding` has for each action the questions that decide it, and a table of what follows from their answers.
    """

    def __init__(self, questions: Questions, zone: str, deciding: Sequence[Deciding] = ()) -> None:
        self.deciding = deciding
        self.questions, self.vocabulary, self.facts = questions, questions.stack.vocabulary, questions.stack.facts
        self.zone = ZoneInfo(zone)
        self._days, self._tables = Table(self._local_day), dict[str, Table]()
        self.lists = list_questions(questions)
        self.list_paths = frozenset(
            path for path in self.vocabulary.facts if isinstance(self.vocabulary.kind(path), kinds.Records)
        )
        self.moments = frozenset(
            path for path in self.vocabulary.facts if isinstance(self.vocabulary.kind(path), kinds.Moment)
        )
        self.moments_in = Table(self._moments_in)
        self.parts = {path: (path.rpartition(".")[0], path.rpartition(".")[2]) for path in self.vocabulary.facts}
        self.dated = {path: _dated_fields(self.vocabulary.kind(path)) for path in self.list_paths}
        self.names: dict[str, Any] = {"unusual": unusual, "as_key": as_key, "empty": {}.get, "LIST_MAX": LIST_MAX}
        self.places: dict[Split, int] = {split: place for place, split in enumerate(questions.splits)}
        self.lines = list(self._source())
        every = f"({''.join(f'a{place}, ' for place in range(len(questions.splits)))})"
        self.read: Callable[[Mapping[str, Any], date], Answers] = self._compiled(every)

    def raw(self, path: str, document: Mapping[str, Any]) -> Any:
        """The value of a fact as it was written, or None."""
        section, name = self.parts.get(path) or (path.rpartition(".")[0], path.rpartition(".")[2])
        inside = document.get(section) if section else document
        return inside.get(name) if inside else None

    def _moments_in(self, section: str) -> frozenset[str]:
        """The names of the moments in an object such as `request`."""
        return frozenset(
            name for path in self.moments for within, _, name in [path.rpartition(".")] if within == section
        )

    def value(self, path: str, document: Mapping[str, Any], day: date) -> Value | None:
        """The value of a fact of a request that was read, typed; None where the request does not say it.

        The day of the decision, the local days of moments and what the form asks for are said by the request.
        """
        if path == DECIDED:
            return day
        raw = self.raw(path, document)
        if raw is None and path in DERIVED_DAYS:
            moment = self.raw(DERIVED_DAYS[path], document)
            return None if moment is None else self._days[moment]
        if raw is None and path == ASKS:
            form = self.raw(FORM, document)
            return asked_by_form(form) if isinstance(form, str) else None
        if raw is None or self.vocabulary.kind(path) is None:
            return None
        if path in self.list_paths:
            return value_reader(path, self.vocabulary)(raw)
        if raw.__class__ not in USUAL:  # equal to one that was looked up, as a text of another class is
            return read_values({path: raw}, self.vocabulary, "")[0].get(path)
        found: Value = self._values(path)[as_key(raw) if raw.__class__ in (list, dict) else raw]
        return found

    def _values(self, path: str) -> Table:
        """The typed values of a fact, by what was written."""
        if path not in self._tables:
            read = value_reader(path, self.vocabulary)
            is_set = isinstance(self.vocabulary.kind(path), kinds.Set)
            self._tables[path] = Table((lambda key: set_of_key(key, read)) if is_set else read)
        return self._tables[path]

    @cached_property
    def outcomes(self) -> Callable[[Mapping[str, Any], date], dict[str, Any]]:
        """What follows for each action of `deciding`: a request read as by `read`, and each table asked at once."""
        names = {f"B{number}": table for number, (_, _, table) in enumerate(self.deciding)}
        entries = (
            f"{action!r}: B{number}[({''.join(f'a{place}, ' for place in places)})]"
            for number, (action, places, _) in enumerate(self.deciding)
        )
        return self._compiled(f"{{{', '.join(entries)}}}", names)

    def _compiled(self, result: str, names: Mapping[str, Any] = {}) -> Callable[[Mapping[str, Any], date], Any]:
        """The function that reads a request and returns an expression of the answers."""
        known = {**self.names, **names}
        source = "\n".join([*self.lines, f"    return {result}"])
        exec(compile(source, "<a reader of requests>", "exec"), known)  # noqa: S102  paths come in quoted by repr
        read: Callable[[Mapping[str, Any], date], Any] = known["read"]
        return read

    def _source(self) -> Iterable[str]:
        """The function up to its last line, section by section: the facts in an object such as `request`, then those at the top."""
        splits = self.questions.splits
        in_lists = {place for questions in self.lists.values() for place in questions.places}
        single = {
            place: split.facts[0]
            for place, split in enumerate(splits)
            if len(split.facts) == 1 and place not in in_lists
        }
        several = [place for place in range(len(splits)) if place not in single and place not in in_lists]
        typed = {fact for place in several for fact in splits[place].facts}
        typed |= {fact for questions in self.lists.values() for fact in questions.context}
        paths = dict.fromkeys((*single.values(), *sorted(typed), *self.lists))
        if ASKS in paths:
            paths = dict.fromkeys((FORM, *paths))
        moments = [path for day, moment in DERIVED_DAYS.items() for path in (moment,) if day in paths]
        sections: dict[str, list[str]] = {}
        for path in dict.fromkeys((*moments, *paths)):
            if path != DECIDED and self.vocabulary.kind(path) is not None and section_of(path) not in BEYOND:
                sections.setdefault(path.rpartition(".")[0], []).append(path)
        yield "def read(document, day):"
        yield f"    if document.__class__ is not dict or TOP[tuple(document)]: {self._rest('', sections)}(document)"
        for section, inside in sections.items():
            yield from self._section(section, inside, sections)
            for path in inside:
                yield from self._fact(path, [place for place, fact in single.items() if fact == path], path in typed)
        yield from self._beside(single, typed)
        for path, questions in self.lists.items():
            yield from self._list(path, questions)
        for place in several:
            self.names[f"q{place}"] = answerer(splits[place], self.vocabulary)
            values = ", ".join(f"{fact!r}: {_name('v', fact)}" for fact in splits[place].facts)
            yield f"    a{place} = q{place}({{{values}}})"

    def _section(self, section: str, inside: Sequence[str], sections: Mapping[str, Sequence[str]]) -> Iterable[str]:
        if not section:
            yield "    get = document.get"
            return
        known = self._name_of("K", section, _others_than(path.rpartition(".")[2] for path in inside))
        yield f"    section = document.get({section!r})"
        yield "    if section is None: get = empty"
        yield "    else:"
        yield "        if section.__class__ is not dict: unusual(section)"
        yield f"        if {known}[tuple(section)]: {self._rest(section, sections)}(section)"
        yield "        get = section.get"

    def _rest(self, section: str, sections: Mapping[str, Sequence[str]]) -> str:
        """The name of a function that reads what no question asks, to find what is wrong with it."""
        tops = set(sections.get("", ())) | {name for name in sections if name}
        known = tops | set(ENVELOPE) if not section else {path.rpartition(".")[2] for path in sections[section]}
        if not section:
            self.names["TOP"] = _others_than(known)
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
            table = self._name_of("T", path, self._days)
            day = next(day for day, moment in DERIVED_DAYS.items() if moment == path)
            yield f"    {_name('d', day)} = None if {raw} is None else {table}[{raw}]"
            return
        if path in DERIVED_DAYS and self._reads_moment(path):
            yield f"    if {_name('d', path)} is not None: {raw} = {_name('d', path)} if {raw} is None else unusual({raw})"
        if typed:
            yield from self._typed(path, kind, raw)
        if places:
            yield from self._answers(path, kind, places, raw)
        elif not typed:  # the form, of which no question asks but what is asked may follow from
            table = self._name_of("V", path, Table(value_reader(path, self.vocabulary), {None: None}))
            yield f"    {table}[{raw}]"

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

    def _answers(self, path: str, kind: kinds.Kind | None, places: Sequence[int], raw: str) -> Iterable[str]:
        """Looks the answers up in a table by the raw value; what is true of the place answers where nothing is given."""
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
                table = self._name_of("A", path, Table(lambda value: answers(read(value)), {None: absent}, most=most))
                yield f"    {targets} = {table}[{raw}]"

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
                yield f"    a{place} = {answer(self.facts)}"
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
        context = "".join(f"{_name('v', fact)}, " for fact in questions.context)
        tallies, sums = self._name_of("L", path, questions.tallies), self._name_of("S", path, questions.sums_by_shape)
        answers = self._name_of("A", path, questions.answers)
        targets = "".join(f"a{place}, " for place in questions.places)
        absent = self.facts.get(path)
        nothing = self._name_of("N", path, (UNKNOWN,) * len(questions.places))
        if absent is not None:
            raise ValueError(f"no place has a list as a fact: {path}")
        yield f"    records = {_name('r', path)}"
        empty = self._name_of("E", path, questions.answers[1])
        tally = f"{tallies}[({context})]"
        if not questions.context:  # then nothing of a request changes how its records are counted
            tally = self._name_of("C", path, questions.tallies[()])
        yield f"    if records is None: {targets} = {nothing}"
        yield f"    elif records.__class__ is list and not records: {targets} = {empty}"
        yield "    else:"
        yield "        whole = 1"
        yield "        if records.__class__ is dict and len(records) == 1: records = records.get('partial'); whole = 0"
        yield "        if records.__class__ is not list or len(records) > LIST_MAX: unusual(records)"
        yield f"        {targets} = {answers}[({sums}[tuple(records[0])](records, {tally}) if records else 0) * 2 + whole]"

    def _local_day(self, raw: Any) -> date:
        check_key(raw)
        values, findings = read_values({"request.received_at": raw}, self.vocabulary, "")
        moment = values.get("request.received_at")
        if findings or not isinstance(moment, datetime):
            raise Unusual(raw)
        check_reach(moment)
        return moment.astimezone(self.zone).date()

    def _name_of(self, mark: str, path: str, thing: Any) -> str:
        """A name under which the function finds a thing."""
        name = _name(mark, path or "top")
        self.names[name] = thing
        return name


def _others_than(names: Iterable[str]) -> Table:
    """Whether an object has keys beside some, by all its keys in their order."""
    known = frozenset(names)

    def has_others(keys: tuple[Any, ...]) -> bool:
        check_keys(keys)
        return not known.issuperset(keys)

    return Table(has_others, most=SHAPES_MAX)


def _dated_fields(kind: kinds.Kind | None) -> frozenset[str]:
    """The fields of a record that are moments, which may be written in several ways."""
    fields = kind.fields if isinstance(kind, kinds.Records) else {}
    return frozenset(name for name, field in fields.items() if isinstance(field, kinds.Moment))


def list_questions(questions: Questions) -> dict[str, ListQuestions]:
    """The questions about each list, by its path."""
    found: dict[str, list[tuple[int, Split]]] = {}
    for place, split in enumerate(questions.splits):
        atom = split.atoms[0]
        if isinstance(atom, QUANTIFIERS):
            found.setdefault(atom.over.path, []).append((place, split))
    return {path: ListQuestions(path, splits, questions.stack.vocabulary) for path, splits in found.items()}


def _name(mark: str, path: str) -> str:
    return f"{mark}_{''.join(letter if letter.isalnum() and letter.isascii() else '_' for letter in path)}"
