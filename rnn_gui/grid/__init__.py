"""The grid of sequences, part by part; `SequenceGrid` puts them together."""
