"""An inventory in, a working mail server out."""
