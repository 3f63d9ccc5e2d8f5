"""The tools: what a client can ask for."""
