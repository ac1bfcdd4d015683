"""A soak of mixed traffic and the hard days after it: `python -m benchmarks.soak MINUTES`."""
