"""What a process needs to grade one submission after the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected
from ..contract import GraderInfo
from ..diagnosis.load import Diagnoses
from ..review.settle import Settlement
from ..sandbox.box import Box
from ..sandbox.layers import Tier
from ..trials.trial import Trials


@dataclass(frozen=True)
class Rehearsal:
    """How a submission is graded that nobody handed in, to see what the checks make of it.

    Attributes:
        known: ids of checks that are known to pass, and are not run.
        checks_only: whether own tests, claims and commands of a README are left out.
        same_tests: files of a submission whose own tests are the same, to be tried for its, so
            that they are tried once; None if there is none.
        salt: changes everything that checks draw at random.
    """

    known: Collection[str] = ()
    checks_only: bool = False
    same_tests: Mapping[str, bytes] | None = None
    salt: str = ""


@dataclass(frozen=True)
class Grader:
    """The bundle with everything that was made ready of it.

    Attributes:
        trials: where the student's own tests are tried.
        tier: how well `box` confines student code.
        alone: whether nothing else is graded meanwhile, so that a wall limit counts.
        settlement: what turns measures into marks.
    """

    bundle: Bundle
    collected: Collected
    diagnoses: Diagnoses
    box: Box
    trials: Trials
    tier: Tier
    alone: bool
    settlement: Settlement


def grader_info(bundle: Bundle, tier: Tier) -> GraderInfo:
    """What the marks were made with."""
    return GraderInfo(version=__version__, bundle_sha256=bundle.sha256, isolation=tier.value)
