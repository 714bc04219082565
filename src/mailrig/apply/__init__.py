"""Carrying out what a plan says; the only layer that changes a host."""
