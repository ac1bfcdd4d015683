"""What takes too long for every run: `make fuzz` collects these by name."""
