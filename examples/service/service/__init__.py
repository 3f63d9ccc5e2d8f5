"""A price service in the middle of its move to asyncio."""
