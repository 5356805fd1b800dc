"""What stewards find in the Wagtail admin, by group of the menu."""
