"""Tests against a running gateway."""
