"""A sample community, for trying the book out and for its tests. Nothing of it exists unless somebody asks."""
