"""An inventory's text edited where it stands, comments and order kept: text in, text out; knows nothing of Docker."""
