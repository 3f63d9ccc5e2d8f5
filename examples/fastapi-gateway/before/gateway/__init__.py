"""A gateway to a team of agents that answer questions."""
