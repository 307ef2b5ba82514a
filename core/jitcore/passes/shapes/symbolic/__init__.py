"""Sizes as symbols: functions tell them, evaluated as far as what is known goes."""
