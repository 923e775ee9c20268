"""The journal: what a lane claims of a run, and writes down of it, turn by turn."""
