"""Reading what was handed in, without running it.

Runs in the box, for what reads a stranger's files can be led astray by them. A
reading that hangs or crashes is lost by itself; the others are made anew.
"""
