"""What people say of submissions, and the mark that follows from it.

A report keeps what was measured beside what it comes to, so that a mark can be
settled anew at any time, without running any student code: when a review is
written, when a category is released, when a deadline moves.
"""
