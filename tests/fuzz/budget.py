"""How long the fuzzers run: a few examples of each by default, or for the minutes that COMITY_FUZZ gives in all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

MINUTES = float(os.environ.get("COMITY_FUZZ", "0"))
FUZZERS = 9  # each takes its part of the minutes
ROUND = 200  # examples of one seed in a long run


def fuzz(check: Callable[..., None], *inputs: SearchStrategy[Any], examples: int) -> None:
    """Runs a check on so many generated inputs, the same each time; in a long run on new ones until its minutes are over.

    The minutes are of processor time. An input that fails is made smaller before it is shown.
    """
    until = time.process_time() + 60 * MINUTES / FUZZERS
    number = 0
    while not number or time.process_time() < until:
        run = settings(
            max_examples=max(examples, ROUND) if number else examples,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )(seed(number)(given(*inputs)(check)))
        run()
        number += 1
