"""What only a machine of one's own may have: sample people, readable mail, the parts of the design on one page."""
