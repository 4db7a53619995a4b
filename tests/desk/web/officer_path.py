"""A booking officer's path by keyboard alone, from the board to a recorded decision, with its keys counted and its machine timed.

A person's time is estimated by the keystroke-level model (Card, Moran and Newell 1980): 0.28 s a key for an average typist, and 1.35 s of
thought before each field and each page.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

KEY_SECONDS, THOUGHT_SECONDS = 0.28, 1.35
SECONDS_MAX, OTHERS_MAX = 90, 12
WAIT_MS = 30_000  # for a page; a slow one shows in the seconds


class Keys:
    """A keyboard that counts: the keys that state a fact, those that go to the next field, and all others."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.of_facts, self.to_next, self.others, self.fields = 0, 0, 0, 0
        self.machine_seconds = 0.0

    def state(self, text: str) -> None:
        self._fact(len(text))
        self.page.keyboard.type(text)

    def choose(self) -> None:
        self._fact(1)
        self.page.keyboard.press("Space")

    def _fact(self, keys: int) -> None:
        self.of_facts, self.fields = self.of_facts + keys, self.fields + 1

    def next(self) -> None:
        self.to_next += 1
        self.page.keyboard.press("Tab")

    def press(self, key: str) -> None:
        self.others += 1
        self.page.keyboard.press(key)

    def until(self, name: str) -> None:
        """Tab after tab to the control of a name; each counts."""
        for _ in range(OTHERS_MAX):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.textContent").strip() == name:
                return
        raise AssertionError(f"{name} is not reached by the keyboard")

    @property
    def seconds(self) -> float:
        """How long the path takes a person, with the time of the machine."""
        keys, pages = self.of_facts + self.to_next + self.others, 3
        return keys * KEY_SECONDS + (self.fields + pages) * THOUGHT_SECONDS + self.machine_seconds


def walk(page: Page, number: int, filled_in: Callable[[], None] = lambda: None) -> Keys:
    """Walks the path with a made-up person; calls `filled_in` before the form is sent."""
    page.goto("/")
    keys, began = Keys(page), time.perf_counter()
    keys.until("Receive a detainer")
    keys.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused(timeout=WAIT_MS)
    for text in (f"Subject {number:04}", f"A{number:09}", f"B-{number}", "01021990"):
        keys.state(text)
        keys.next()
    if page.evaluate("document.activeElement.type") == "date":
        keys.press("Tab")  # out of the parts of a day
    keys.choose()  # no claim of citizenship
    keys.next()
    keys.state("Form I-247A")
    keys.next()
    keys.choose()  # complete
    keys.next()
    keys.choose()  # signed
    keys.next()
    for text in ("Form I-200", "an imm", "Yes"):
        keys.state(text)
        keys.next()
    keys.choose()  # no other warrant
    keys.machine_seconds = time.perf_counter() - began
    filled_in()
    began = time.perf_counter()
    keys.press("Enter")
    expect(page.get_by_role("button", name="Record this decision")).to_be_focused(timeout=WAIT_MS)
    keys.press("Enter")
    expect(page.get_by_text("is recorded. Print the card")).to_be_visible(timeout=WAIT_MS)
    keys.machine_seconds += time.perf_counter() - began
    return keys
