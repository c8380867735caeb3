"""What the history tab is made of: the plots over epochs with their cursor, the table of runs."""
