"""Models of installed packages, traced by both: packages that nothing here was written for."""
