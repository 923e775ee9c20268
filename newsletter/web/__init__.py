"""Web fronts, strangers to each other: `public` is the readers' site."""
