"""Read-only texts with line numbers, marks, times and a selection that the other views share."""
