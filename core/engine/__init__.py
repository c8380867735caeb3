"""Programs written from a cell: an epoch over floats or arrays, over the tree of beginnings."""
