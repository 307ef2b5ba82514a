"""Changes of a person's file that may cure a divergence, a family of them in each file."""
