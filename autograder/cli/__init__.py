"""The command `autograde`: what an instructor or author types, and what they read."""
