"""What a harbour's newsletter needs besides: a rule, a transport, a theme."""
