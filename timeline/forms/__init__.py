"""What readers and subscribers fill in."""
