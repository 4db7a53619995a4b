"""Ends the work of a request that takes too long, in the thread that does it.

A thread cannot be killed. At its limit an exception is raised in it between two steps of Python, and again each second until it ends. A
step that runs outside Python, such as a query, ends first. So a client that has gone away leaves no work behind for longer than that.
"""

from __future__ import annotations

import ctypes
import threading
import time
from types import TracebackType

from comity.finding import Finding, InputFault, Place, phrase

LOOK_SECONDS = 0.2
AGAIN_SECONDS = 1.0
WORDS = phrase("it took too long, and was ended")
HELP = phrase(
    "ask for less at once, such as a shorter span; what you sent to be written may have been written: look before you send it again"
)


class TookTooLong(InputFault):
    """Raised in a thread whose request is at its limit."""

    def __init__(self) -> None:
        super().__init__([Finding("took-too-long", Place("request"), WORDS, HELP)])


class TimeLimit:
    """Bounds the work of a `with` block in this thread; `extend` gives it another number of seconds from its beginning."""

    def __init__(self, seconds_max: float) -> None:
        self.seconds_max = seconds_max
        self.thread, self.began = threading.get_ident(), time.monotonic()

    def extend(self, seconds_max: float) -> None:
        """Sets the limit to so many seconds from the beginning."""
        _WATCH.put(self.thread, self.began + seconds_max)

    def __enter__(self) -> TimeLimit:
        self.thread, self.began = threading.get_ident(), time.monotonic()
        self.extend(self.seconds_max)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        while True:
            try:
                _WATCH.remove(self.thread)
            except TookTooLong:  # it arrived here, after the work was done
                continue
            return


class _Watch:
    """The threads that have a limit, and the one thread that looks at them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[int, float] = {}
        self._looker: threading.Thread | None = None

    def put(self, thread: int, ends_at: float) -> None:
        with self._lock:
            self._ends[thread] = ends_at
            if self._looker is None or not self._looker.is_alive():  # none yet, or this is a child that was forked
                self._looker = threading.Thread(target=self._look, name="time limits", daemon=True)
                self._looker.start()

    def remove(self, thread: int) -> None:
        """Ends the limit of a thread, and takes back what was raised there and has not arrived."""
        with self._lock:
            self._ends.pop(thread, None)
            _raise_in(thread, None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            now = time.monotonic()
            with self._lock:
                for thread in [thread for thread, ends_at in self._ends.items() if ends_at <= now]:
                    _raise_in(thread, TookTooLong)
                    self._ends[thread] = now + AGAIN_SECONDS


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind) if kind else None)


_WATCH = _Watch()
