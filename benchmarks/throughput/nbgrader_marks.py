"""Runs in nbgrader's environment: all marks of an assignment as JSON on standard output."""

import json
import sys

from nbgrader.api import Gradebook


def main() -> None:
    """Print student -> rows of grade cell, points and possible points."""
    database, assignment = sys.argv[1:]
    with Gradebook(database) as book:
        marks = {
            submission.student.id: [
                (grade.name, grade.auto_score or 0.0, grade.max_score)
                for notebook in submission.notebooks
                for grade in notebook.grades
            ]
            for submission in book.assignment_submissions(assignment)
        }
    print(json.dumps(marks))


if __name__ == "__main__":
    main()
