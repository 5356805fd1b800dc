"""Proofs that need a real server: many at once for the last places, and processes killed in the middle of their work."""
