"""What numbers are typed into and choices made with, and how text is read as numbers."""
