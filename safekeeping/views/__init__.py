"""Pages of safekeeping: signing in, choosing a role, and what keeps the place running."""
