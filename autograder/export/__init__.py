"""Marks and pages on their way into a course system.

`parcels` says what is to be sent and refuses what would be lost; each course
system is a module that turns parcels into the files, or the requests, it takes.
Nothing is written before everything has been looked at.
"""
