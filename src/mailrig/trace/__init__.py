"""Lines of mail logs → the way of a message; knows nothing of where logs lie, of Docker or of printing."""
