"""Lessons: pages of text, each beside an experiment, with something to do."""
