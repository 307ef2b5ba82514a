"""What a program keeps from call to call in Python, kept in buffers: first as attributes of an object,
whatever held it, then as buffers of that object."""
