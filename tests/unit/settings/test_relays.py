"""Relays of groups of domains, in the environment and in `.env`."""

from pathlib import Path

from newsletter.settings.environment import read_environment


def test_what_belongs_to_a_relay_is_named_as_with_the_transport(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hidden\n", encoding="utf-8")
    environ = {
        "NEWSLETTER_RELAY_B": "failover(smtps://b smtps://c)",
        "NEWSLETTER_RELAY_B_PASSWORD": "one",
        "NEWSLETTER_RELAY_B_PASSWORD_2_FILE": "token",
        "NEWSLETTER_RELAY_C2": "smtp://c2",
        "NEWSLETTER_RELAY_C2_TOKEN_COMMAND": "token --for c2",
    }
    found, faults = read_environment(tmp_path, environ)

    assert () == faults
    assert ["b", "c2"] == list(found.relays)
    b, c2 = found.relays.values()
    assert b.transport
    assert "failover(smtps://b smtps://c)" == b.transport.reveal()
    assert b.password
    assert b.further_passwords[0]
    assert ("one", "hidden") == (b.password.reveal(), b.further_passwords[0].reveal())
    assert c2.tokens[0]
    assert "NEWSLETTER_RELAY_C2_TOKEN_COMMAND" == c2.tokens[0].name
    assert found.transport is None, "what is a relay's is nobody else's"


def test_a_slip_in_the_name_of_a_relays_variable_is_a_fault(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("NEWSLETTER_RELAY_B=smtp://b\nNEWSLETTER_RELAY_B_PASWORD=x\n")
    dotenv.chmod(0o600)
    found, faults = read_environment(tmp_path, {})

    assert ["b"] == list(found.relays)
    assert 1 == len(faults)
    assert "NEWSLETTER_RELAY_B_PASWORD means nothing" in str(faults[0])


def test_secrets_of_a_relay_are_not_for_others_to_read(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("NEWSLETTER_RELAY_B=smtp://ada:secret@b\n")
    dotenv.chmod(0o644)
    _, faults = read_environment(tmp_path, {})

    assert "others may read it" in str(faults[0])
