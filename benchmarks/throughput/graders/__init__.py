"""The graders that are compared: each lays out a class, grades it, and tells the marks."""

from graders.grader import Grader
from graders.gradescope import Gradescope
from graders.nbgrader import NbGrader
from graders.otter import Otter
from graders.ours import Ours

GRADERS: dict[str, Grader] = {
    grader.name: grader for grader in (Ours(), Gradescope(), NbGrader(), Otter())
}

__all__ = ["GRADERS", "Grader"]
