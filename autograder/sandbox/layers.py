"""The layers of isolation, the tiers that are made of them, and what student code gets."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

FACTS = ("/proc/cpuinfo", "/proc/meminfo")
"""What student code may know of the machine: torch chooses its arithmetic by it."""
SUITE = "autograder.sandbox.suite"
"""To be preloaded where tests are run."""
COMMANDS = "pytest"
"""To be preloaded where commands of a README are run."""
READING = ("autograder.reading.pdf", "autograder.reading.word")
"""To be preloaded where reports are read."""


class Layer(StrEnum):
    """One mechanism that confines student code, whatever the others do."""

    NAMESPACES = "namespaces"
    USER = "user"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"
    LIMITS = "limits"


class Tier(StrEnum):
    """How well student code is confined; the word that stands in every report.

    `full`: nothing of this machine is in sight. `kernel`: it is, but the kernel
    refuses. `none`: nothing refuses.
    """

    FULL = "full"
    KERNEL = "kernel"
    NONE = "none"

    @property
    def layers(self) -> frozenset[Layer]:
        """The layers of this tier."""
        match self:
            case Tier.FULL:
                return frozenset(Layer)
            case Tier.KERNEL:
                return frozenset(Layer) - {Layer.NAMESPACES}
            case Tier.NONE:
                return frozenset({Layer.LIMITS})


@dataclass(frozen=True)
class Confinement:
    """What student code gets.

    Attributes:
        layers: which mechanisms are in force.
        uid: user and group id to become, or 0 to stay who we are.
        memory: address space of a process beyond that of the parent, bytes.
        processes: most processes and threads.
        disk: private scratch space, bytes.
        submission_room: space for the submission's files and what is written beside them, bytes.
        scratch: folder for temporary files.
        submission: folder where the submission's files are put.
        covered: libraries that the empty scratch folder hides: where they stand as well -> path.
        readable: what may be read beside these two.
        preload: modules that the parent imports before any submission arrives.
    """

    layers: frozenset[Layer]
    uid: int
    memory: int
    processes: int
    disk: int
    submission_room: int
    scratch: str
    submission: str
    covered: dict[str, str]
    readable: tuple[str, ...]
    preload: tuple[str, ...]

    def to_json(self) -> str:
        """The text that is handed to the parent when it is started."""
        return json.dumps({**asdict(self), "layers": sorted(self.layers)})

    @classmethod
    def from_json(cls, text: str) -> Confinement:
        """What `to_json` wrote."""
        values = json.loads(text)
        lists = {name: tuple(values[name]) for name in ("readable", "preload")}
        return cls(**{**values, **lists, "layers": frozenset(map(Layer, values["layers"]))})

    def __contains__(self, layer: Layer) -> bool:
        return layer in self.layers
