"""The people: the list of subscribers, and who is never mailed again."""
