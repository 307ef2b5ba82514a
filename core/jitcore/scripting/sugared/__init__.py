"""What Python objects can mean while a function is compiled."""
