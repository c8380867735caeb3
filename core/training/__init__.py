"""Training: the fastest program for a cell and its data, and a run that remembers every epoch."""
