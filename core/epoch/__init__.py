"""What there is to see at one step of an epoch: frame, equations, sentences, script."""
