"""What may be done about people: acts on the list, a module and a door for each kind of them."""
