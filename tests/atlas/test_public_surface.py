"""What other rooms may use is what the package names."""

import tropa.atlas


def test_every_name_offered_is_there_and_none_other_is_public() -> None:
    offered = set(tropa.atlas.__all__)
    assert all(hasattr(tropa.atlas, name) for name in offered)
    public = {
        name
        for name, value in vars(tropa.atlas).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("tropa.atlas")
    }
    assert public <= offered
