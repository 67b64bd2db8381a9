"""The student's own tests, tried on implementations they cannot know."""
