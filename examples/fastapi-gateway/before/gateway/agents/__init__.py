"""The agents, and the team that they are."""
