"""The runs: opened, controlled, counted and ended; their audiences and their doubts."""
