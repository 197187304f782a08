"""How much a run of the tests draws at random, and by which seed: a new one each run, printed at its end.

``--share`` says how much of what only the full profile does is done too: 0 in the short profile, 1 with ``--full``.
"""

import os
from random import Random, SystemRandom

_SHARE, _SEED = "GWXL_SHARE", "GWXL_SEED"


def settle(share: float, seed: int | None) -> None:
    """Fix share and seed for this process and those it starts."""
    os.environ[_SHARE] = str(share)
    os.environ[_SEED] = str(seed or os.environ.get(_SEED) or SystemRandom().randrange(1, 10**6))


def share() -> float:
    """Return how much of what only the full profile does is done; more than 1 draws on."""
    return float(os.environ.get(_SHARE, "0"))


def seed() -> int:
    """Return the seed of this run."""
    return int(os.environ[_SEED])


def draws(short: int, *, full: int) -> int:
    """Return how many are drawn in this run, of so many in the short profile and in the full one."""
    return short + round(share() * (full - short))


def is_drawn(name: str) -> bool:
    """Tell whether this run draws something that only the full profile always does."""
    return Random(f"{seed()} {name}").random() < share()
