"""The catalogue as it is loaded for a demonstration, against what was asked of each thing in it."""
