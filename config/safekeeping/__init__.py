"""Backup, restore, and the move to another database: the whole of it, of whichever app."""
