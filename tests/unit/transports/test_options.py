from newsletter.transports.options import Timeouts


def test_timeouts_are_those_of_rfc_5321() -> None:
    """4.5.3.2, in minutes: MAIL 5, RCPT 5, DATA 2, each block 3, the final dot 10."""
    timeouts = Timeouts()

    assert [5, 5, 2, 3, 10] == [
        seconds / 60
        for seconds in (
            timeouts.mail,
            timeouts.rcpt,
            timeouts.data,
            timeouts.block,
            timeouts.final_dot,
        )
    ]
