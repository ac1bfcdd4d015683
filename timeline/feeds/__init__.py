"""Calendar feeds and feeds of changes: what an address asks for, and the bytes it gets."""
