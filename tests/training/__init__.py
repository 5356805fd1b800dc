"""Training: courses, sessions and seats."""
