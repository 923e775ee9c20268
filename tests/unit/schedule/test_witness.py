import pytest

from newsletter.errors import Act, Remedy, StoreError
from newsletter.schedule import Witness

CHAIN = "0123456789abcdef" * 4


def test_witness_comes_back_from_its_line() -> None:
    witness = Witness(entry_id=17, chain=CHAIN)

    assert f"17 {CHAIN}\n" == witness.to_line()
    assert witness == Witness.from_line(witness.to_line())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        f"17 {CHAIN}",
        f"17 {CHAIN[:-1]}\n",
        f"0 {CHAIN}\n",
        f"-1 {CHAIN}\n",
        f"{CHAIN}\n",
        f"17 {CHAIN.upper()}\n",
        f"17 {CHAIN}\n\n",
        f"\ufeff17 {CHAIN}\n",
        f"١٧ {CHAIN}\n",
    ],
)
def test_witness_refuses_a_line_that_it_did_not_write(line: str) -> None:
    """A line that a full disk cut short must not be taken for an old witness."""
    with pytest.raises(StoreError, match="the witness cannot be read") as raised:
        Witness.from_line(line)

    assert Remedy(Act.ACCEPT_RESTORED) == raised.value.remedy


@pytest.mark.parametrize(
    ("expected", "chain"), [(True, CHAIN), (False, CHAIN[::-1]), (False, None)]
)
def test_witness_is_borne_out_by_the_same_chain_alone(expected: bool, chain: str | None) -> None:
    assert expected == Witness(entry_id=17, chain=CHAIN).is_borne_out(chain)
