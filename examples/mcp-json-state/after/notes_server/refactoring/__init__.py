"""Suggestions to tidy the notes up, and what became of them."""
