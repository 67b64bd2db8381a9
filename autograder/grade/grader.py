"""What a process needs to grade one submission after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected
from ..diagnosis.load import Diagnoses
from ..model import GraderInfo
from ..review.settle import Settlement
from ..sandbox.box import Box
from ..sandbox.layers import Tier
from ..trials.trial import Trials


@dataclass(frozen=True)
class Spared:
    """What of a submission is not run, since it is known or nobody asks for it.

    Attributes:
        checks: ids of checks that are known to pass.
        all_but_checks: whether own tests, claims and commands of a README are left out.
    """

    checks: Collection[str] = ()
    all_but_checks: bool = False


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
