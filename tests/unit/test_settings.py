"""Settings from the environment."""

import pytest

from social_vault.errors import SettingsError
from social_vault.settings import WarehouseSettings


def test_every_wrong_variable_is_named_and_no_value_shown(monkeypatch):
    """One sentence tells all that is to be set, so nobody finds them one by one."""
    for name in ("HOST", "USER"):
        monkeypatch.delenv(f"VERTICA_{name}", raising=False)
    monkeypatch.setenv("VERTICA_PORT", "secret-by-mistake")

    with pytest.raises(SettingsError) as caught:
        WarehouseSettings.from_env()

    sentence = str(caught.value)
    assert "VERTICA_USER is missing" in sentence
    assert "VERTICA_PORT: " in sentence
    assert "secret-by-mistake" not in sentence
