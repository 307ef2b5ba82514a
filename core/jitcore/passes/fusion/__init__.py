"""Groups of operators that are computed as one, what they may hold, and the guards in front of them."""
