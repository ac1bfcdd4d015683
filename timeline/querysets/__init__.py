"""Reads of the tables of `timeline`, by name; a default manager never filters."""
