"""Chores around the gateway."""
