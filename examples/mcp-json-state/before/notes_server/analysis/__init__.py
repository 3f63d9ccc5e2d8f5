"""How the notes are used."""
