"""The names of a site: which records it needs, and how they compare with what the world answers."""
