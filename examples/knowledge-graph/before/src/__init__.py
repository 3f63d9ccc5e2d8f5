"""A service that turns texts into a graph of what they say."""
