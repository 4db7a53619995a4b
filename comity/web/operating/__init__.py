"""What the commands of a desk call: none of it answers a browser."""
