"""How the notes hang together."""
