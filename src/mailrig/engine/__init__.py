"""Docker, and the only package that imports its SDK."""
