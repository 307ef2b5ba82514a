"""Passes that take loops, forks and functional graphs apart."""
