"""What a lecture shows: the program's figures, painted large; covered until they are revealed."""
