"""What is wrong with a publication: looks at it from inside and outside, a module for each kind."""
