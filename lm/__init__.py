"""What the course gives to everybody: widgets, plots and training helpers. Never an answer to an exercise."""
