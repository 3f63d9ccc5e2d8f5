"""Jobs that run at night, each in a process of its own."""
