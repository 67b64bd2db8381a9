"""Our LTI scores before the serializer of a real platform, Open edX' `lti-consumer-xblock`.

`make verify-full` runs it with a Python that has that package, which is too much to install for
every test run:  python tests/platforms/lti_scores.py PYTHON
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.unit.sent import Student, graded_class, sent

TEXTS = ("Ada", "=1+1", "<script>", "Zoë 李明 😀", "two\nlines", "\u202egnp.exe")
PLATFORM = """
import json, sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "lti_consumer"], USE_TZ=True)
django.setup()
from lti_consumer.lti_1p3.extensions.rest_framework.serializers import LtiAgsScoreSerializer
from lti_consumer.models import LtiAgsScore
back = []
for score in json.load(open(sys.argv[1])):
    taken = LtiAgsScoreSerializer(data=score)
    taken.is_valid(raise_exception=True)
    kept = LtiAgsScore(**taken.validated_data)
    assert kept.grading_progress == LtiAgsScore.FULLY_GRADED
    back.append(dict(LtiAgsScoreSerializer(kept).data))
    again = LtiAgsScoreSerializer(kept, data=score)
    assert not again.is_valid(), "the same moment twice is refused"
print(json.dumps(back))
"""


def main(python: str) -> None:
    """Have the platform read every score, and compare what it keeps with what was sent."""
    students = [Student(str(n), f"7{n}.25", text, comment=text) for n, text in enumerate(TEXTS)]
    with tempfile.TemporaryDirectory() as folder:
        results = graded_class(Path(folder), *students)
        sent("export", "lti-ags", results)
        path = results / "export" / "lti-ags.json"
        done = subprocess.run(
            [python, "-c", PLATFORM, str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr)
        kept, ours = json.loads(done.stdout), json.loads(path.read_text("utf-8"))
    for score in (*kept, *ours):
        score["timestamp"] = score["timestamp"].replace("+00:00", "Z")
    assert kept == ours, (kept, ours)
    print(f"{len(ours)} scores: the platform keeps each as it was sent")


if __name__ == "__main__":
    main(*sys.argv[1:])
