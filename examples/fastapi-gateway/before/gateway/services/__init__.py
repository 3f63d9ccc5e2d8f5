"""What the gateway talks to."""
