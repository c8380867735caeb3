"""Training: a run that remembers every epoch, goes on by the clock, and tells why it ended."""
