"""Notes from podcasts: transcripts in, what was said out. What costs money is cached on disk."""
