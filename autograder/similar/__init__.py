"""Where what students wrote is alike: places to look at, for instructors alone.

Nothing here knows of marks, and nothing of it stands in a report or on a page. Code of
the tasks is left out: right answers to small tasks look alike.
"""
