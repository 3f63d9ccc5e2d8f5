"""Reads code: facts of one file, then names, types and contexts across files. The only tree-walkers of the project."""
