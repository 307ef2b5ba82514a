"""The window: it draws the rows that the engine sends and knows neither torch nor the core."""
