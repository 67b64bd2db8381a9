"""Pages that people read: one for each student, one for the class.

They are made from reports and artifacts alone, hold everything they need, and ask for
nothing from anywhere.
"""
