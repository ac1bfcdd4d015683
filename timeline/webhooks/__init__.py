"""How a webhook is signed and sent."""
