"""The part of the grader that students receive, word for word.

The same files run in three places: beside a student's code on a laptop, inside
the box in which a submission is graded, and next to the checks. That is what
keeps a public check from passing in one place and failing in another. Nothing
here needs more than numpy and pytest, and nothing here is secret.
"""
