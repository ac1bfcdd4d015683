"""What answers a browser: read the clock, call one reader or action, give the answer."""
