"""What the window is made of: one view in each file. Views show frames and send requests."""
