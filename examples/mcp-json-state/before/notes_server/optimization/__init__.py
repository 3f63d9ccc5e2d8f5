"""Keeping notes short enough for a model's context."""
