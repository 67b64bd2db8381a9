"""A bundle: the folder with a `rubric.yaml` that makes one assignment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .kit.loader import Manifest
from .kit.survey import own_tests
from .kit.written import sections
from .model import digest_of
from .rubric.load import RubricError, load_rubric
from .rubric.model import Artefact, Rubric
from .solution import Reference, homes_of

RUBRIC_FILE = "rubric.yaml"


@dataclass(frozen=True)
class Bundle:
    """An assignment on disk, and what it declares.

    Attributes:
        root: the folder that holds `rubric.yaml`.
        rubric: the validated declaration.
    """

    root: Path
    rubric: Rubric

    @classmethod
    def open(cls, root: Path) -> Bundle:
        """Read a bundle.

        Raises:
            RubricError: there is none, or its declaration is wrong.
        """
        if not (root / RUBRIC_FILE).is_file():
            raise RubricError(f"{root}: no {RUBRIC_FILE} here; name the assignment's folder")
        bundle = cls(root.resolve(), load_rubric(root / RUBRIC_FILE))
        mistakes = list(bundle._gaps())
        if mistakes:
            raise RubricError("\n".join(f"{root / RUBRIC_FILE}: {text}" for text in mistakes))
        return bundle

    @classmethod
    def nearest(cls, start: Path) -> Bundle:
        """The bundle in `start` or the nearest folder above it.

        Raises:
            RubricError: no folder upward has a `rubric.yaml`, or it is wrong.
        """
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / RUBRIC_FILE).is_file():
                return cls.open(folder)
        raise RubricError(
            f"no {RUBRIC_FILE} in {start} or above; "
            "go to the assignment's folder or use --assignment"
        )

    def _gaps(self) -> Iterator[str]:
        """What the rubric names and the folder does not have."""
        if not self.template_dir.resolve().is_relative_to(self.root):
            yield f"template: {self.rubric.template} lies outside the bundle"
            return
        for folder in (self.reference_dir, self.public_dir, self.hidden_dir, self.template_dir):
            if not folder.is_dir():
                yield f"the bundle has no folder {folder.relative_to(self.root)}/"
                return
        for artefact in self.artefacts:
            if not (self.template_dir / artefact.file).is_file():
                yield f"{artefact.id}: the template has no {artefact.file}"
            elif artefact.section and artefact.section not in self.template_sections[artefact.file]:
                yield f"{artefact.id}: {artefact.file} has no section {artefact.section!r}"
        yield from self._lost_pages()
        for module in self.rubric.modules:
            if not (self.reference_dir / f"{module}.py").is_file():
                yield f"modules: reference/ has no {module}.py"
        for function in self.function_names:
            if self.homes.get(function) not in self.rubric.modules:
                yield f"tasks: reference/ has no {function}()"
        missing = [path for path in self.implementation_files if not path.is_file()]
        yield from (f"own_tests: no case {path.relative_to(self.root)}" for path in missing)
        questions = [question for task in self.rubric.tasks for question in task.questions]
        ids = [question.id for question in questions] + [a.id for a in self.artefacts]
        completeness = self.rubric.completeness
        ids += [part.id for part in (completeness.commands, completeness.repeats) if part]
        for repeated in sorted({name for name in ids if ids.count(name) > 1}):
            yield f"the id {repeated!r} is used twice"
        yield from self._gaps_of_claims()
        yield from self._gaps_of_figures()

    def _gaps_of_claims(self) -> Iterator[str]:
        ids = [claim.id for claim in self.rubric.claims]
        measures = set(homes_of([self.claims_file])) if self.claims_file.is_file() else set()
        for claim in self.rubric.claims:
            if ids.count(claim.id) > 1:
                yield f"claims: the id {claim.id!r} is used twice"
            if claim.task not in {task.id for task in self.rubric.tasks}:
                yield f"claims: {claim.id}: there is no task {claim.task!r}"
            if claim.find.section not in self.template_sections.get(claim.find.file, {}):
                yield f"claims: {claim.id}: {claim.find.file} has no section {claim.find.section!r}"
            if claim.measured is not None and claim.measured not in measures:
                yield f"claims: {claim.id}: tests/claims.py has no {claim.measured}()"

    def _gaps_of_figures(self) -> Iterator[str]:
        functions = set(homes_of([self.figures_file])) if self.figures_file.is_file() else set()
        for figure in self.rubric.figures:
            if figure.task not in {task.id for task in self.rubric.tasks}:
                yield f"figures: {figure.id}: there is no task {figure.task!r}"
            if figure.expected not in functions:
                yield f"figures: {figure.id}: tests/figures.py has no {figure.expected}()"

    def _lost_pages(self) -> Iterator[str]:
        for name, page in self.pages.items():
            if not page.is_file() or not page.resolve().is_relative_to(self.handout_dir):
                yield f"pages: {name}: there is no file {self.rubric.pages[name]} in assignment/"

    @property
    def reference_dir(self) -> Path:
        """The hand-written solution."""
        return self.root / "reference"

    @property
    def public_dir(self) -> Path:
        """Checks that students receive."""
        return self.root / "tests" / "public"

    @property
    def hidden_dir(self) -> Path:
        """Checks that students never receive."""
        return self.root / "tests" / "hidden"

    @property
    def claims_file(self) -> Path:
        """Functions that have the student's code give what the report claims."""
        return self.root / "tests" / "claims.py"

    @property
    def figures_file(self) -> Path:
        """Functions that give the expected numbers of the declared figures."""
        return self.root / "tests" / "figures.py"

    @property
    def diagnoses_dir(self) -> Path:
        """Declared misconceptions; a bundle may do without."""
        return self.root / "tests" / "diagnoses"

    @property
    def template_dir(self) -> Path:
        """The template's hand-written files: skeletons of what students write."""
        return self.root / self.rubric.template

    @property
    def cases_dir(self) -> Path:
        """The corpus: submissions with what each must get."""
        return self.root / "tests" / "submissions"

    @property
    def implementation_files(self) -> list[Path]:
        """The cases of the corpus on which students' own tests are tried."""
        declared = self.rubric.own_tests.implementations if self.rubric.own_tests else {}
        names = [name for task in declared.values() for name in (*task.right, *task.wrong)]
        return [self.cases_dir / f"{name}.yaml" for name in names]

    @property
    def handout_dir(self) -> Path:
        """The pages that students read."""
        return self.root / "assignment"

    @property
    def pages(self) -> dict[str, Path]:
        """Interactive pages for students, by name."""
        return {name: self.root / page for name, page in self.rubric.pages.items()}

    @property
    def function_names(self) -> tuple[str, ...]:
        """Every function students write, in the order of the rubric."""
        return tuple(f.name for task in self.rubric.tasks for f in task.functions)

    @property
    def artefacts(self) -> list[Artefact]:
        """Everything written that counts, first what completeness asks for."""
        return [*self.rubric.completeness.artefacts, *self.rubric.report.artefacts]

    @property
    def documents(self) -> list[str]:
        """Files whose text is measured; a claim or a command may stand in no other."""
        return list(dict.fromkeys(artefact.file for artefact in self.artefacts))

    @property
    def manifest(self) -> Manifest:
        """What the student's side needs to know to find the student's code."""
        return Manifest(
            modules=tuple(self.rubric.modules),
            functions=self.function_names,
            data=dict(self.rubric.data),
            packages=tuple(self.rubric.packages),
            opaque=tuple(f.name for t in self.rubric.tasks for f in t.functions if f.opaque),
        )

    @property
    def decisive_files(self) -> list[Path]:
        """Everything that can change a report.

        That is rubric, reference, checks, template, claims, diagnoses, and what students' tests
        are tried on.
        """
        folders = [self.reference_dir, self.public_dir, self.hidden_dir]
        folders += [self.diagnoses_dir, self.template_dir]
        files = [self.root / RUBRIC_FILE, *self.implementation_files]
        files += filter(Path.is_file, [self.claims_file])
        files += [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
        return [path for path in files if "__pycache__" not in path.parts]

    @property
    def secrets(self) -> list[Path]:
        """Files that would give the assignment away: one of the solution, one of the checks."""
        folders = (self.reference_dir, self.hidden_dir)
        return [path for folder in folders for path in sorted(folder.glob("*.py"))[:1]]

    @cached_property
    def sha256(self) -> str:
        """Digest of the decisive files."""
        paths = {path.relative_to(self.root).as_posix(): path for path in self.decisive_files}
        return digest_of({name: path.read_bytes() for name, path in paths.items()})

    @cached_property
    def template_sections(self) -> dict[str, dict[str, str]]:
        """File -> heading -> text as the template ships it; `''` is the whole text."""
        found: dict[str, dict[str, str]] = {}
        for name in self.documents:
            path = self.template_dir / name
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            found[name] = {**dict(sections(text)), "": text}
        return found

    @cached_property
    def template_tests(self) -> set[str]:
        """Names of the tests that the template ships as examples of a student's own."""
        return set(own_tests(self.template_dir))

    @cached_property
    def homes(self) -> dict[str, str]:
        """Function -> the module of `reference/` that defines it."""
        return homes_of(sorted(self.reference_dir.glob("*.py")))

    @property
    def shipped(self) -> list[str]:
        """Functions that the template brings whole: public ones that nobody has to write."""
        return [
            name
            for name, module in self.homes.items()
            if module in self.rubric.modules
            and not name.startswith("_")
            and name not in self.function_names
        ]

    def reference(self) -> Reference:
        """The reference solution as one flat namespace, for hidden checks."""
        return Reference(self.reference_dir, self.homes)

    def measures(self) -> Reference:
        """The functions of `tests/claims.py`, by name."""
        return Reference(self.claims_file.parent, homes_of([self.claims_file]))

    def expectations(self) -> Reference:
        """The functions of `tests/figures.py`, by name."""
        return Reference(self.figures_file.parent, homes_of([self.figures_file]))
