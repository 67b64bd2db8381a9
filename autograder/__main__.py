"""`python -m autograder` is the command `autograde`."""

from .cli.main import main

main()
