"""What is done to the other endpoints, and to URLs, headers and names."""
