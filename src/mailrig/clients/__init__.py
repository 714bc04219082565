"""Mail clients as facts: what a TLS server answers them, and how they sound on the wire; knows of no inventory."""
