"""Says in plain words what this computer still needs. Type: python check_setup.py"""

from __future__ import print_function

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
IMPORT_NAMES = {"scikit-learn": "sklearn"}
NEEDED_FILES = ("conftest.py", "pytest.ini", "requirements.txt", "tests/public", "autograde_kit")
INSTALL = "python -m pip install -r requirements.txt"


def numbers(version):
    """The leading whole numbers of a version: "2.13.0+cpu" -> (2, 13, 0)."""
    return tuple(int(part) for part in re.match(r"\d+(\.\d+)*", version).group().split("."))


def allowed(version, ranges):
    """Whether a version is within ranges such as ">=1.24,<3"."""
    for bound in ranges.split(","):
        sign, limit = re.match(r"(>=|<)(.*)", bound.strip()).groups()
        inside = numbers(version) >= numbers(limit)
        if inside != (sign == ">="):
            return False
    return True


def requirements():
    """(package, ranges) for every line of requirements.txt."""
    with open(os.path.join(HERE, "requirements.txt")) as file:
        lines = [line.split("#")[0].strip() for line in file]
    return [re.match(r"([\w-]+)(.*)", line).groups() for line in lines if line]


def shadowing():
    """Files here that Python would take in the place of a library."""
    names = [IMPORT_NAMES.get(package, package) for package, _ in requirements()]
    names += getattr(sys, "stdlib_module_names", ["random", "math", "json", "statistics", "types"])
    return [name + ".py" for name in names if os.path.exists(os.path.join(HERE, name + ".py"))]


def package_problems():
    """A sentence for each package that is missing, broken or of an unsuitable version."""
    from importlib import import_module, metadata

    for package, ranges in requirements():
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            yield "%s is not installed. Type: %s" % (package, INSTALL)
            continue
        if not allowed(version, ranges):
            yield "%s %s does not fit (needed: %s). Type: %s" % (package, version, ranges, INSTALL)
            continue
        try:
            import_module(IMPORT_NAMES.get(package, package))
        except Exception as error:
            text = "%s %s is installed but cannot be loaded: %s. "
            text += "Make a new environment, as the README says, and install again."
            yield text % (package, version, str(error).strip().split("\n")[0])


def problems():
    """What stands in the way, most basic first."""
    if sys.version_info < (3, 10):
        found = "Python %d.%d" % sys.version_info[:2]
        yield "This is %s; Python 3.10 or newer is needed. Get it from python.org." % found
        return
    for name in NEEDED_FILES:
        if not os.path.exists(os.path.join(HERE, name)):
            yield "%s is missing here. Unpack the assignment's folder again, whole." % name
            return
    for name in shadowing():
        yield "Rename your file %s: Python takes it for the library of that name." % name
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != HERE]
    for text in package_problems():
        yield text


def main():
    """Print what is missing, or that nothing is."""
    found = list(problems())
    for text in found:
        print("- " + text)
    if not found:
        print("Everything is here. Type: pytest")
    return len(found) > 0


if __name__ == "__main__":
    sys.exit(main())
