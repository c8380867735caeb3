"""What a run starts from: experiments, their edits, presets, random and imported sequences."""
