"""The history of a git repository, searchable: commits, the files they change, the issues they mention."""
