"""Starts the processes of ours, and stands between those that are confined and what they may have."""
