"""What the writing of a submission says: which document holds what, answers, claims, commands.

Works on text that was read in the box; see `reading`.
"""
