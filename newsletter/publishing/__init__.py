"""The acts: what may be done with a publication, whoever asks for it.

Values come in and values go out: nothing here prints, paints, exits, or knows a command. An act
that touches a transport is a coroutine; signals and the event loop are the front's. The modules are
the doors, one for each kind of act, so that a command loads only what it does.
"""
