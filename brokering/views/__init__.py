"""The pages of brokering: a view reads the clock, makes one call of the domain, and shows what a reader may know."""
