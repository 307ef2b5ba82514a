"""What operators need of their arguments where torch does not look: a module for each family of them."""
