"""The folder between storage and warehouse."""

import stat

import pytest

from social_vault.landing.spool import spool_folder


def fill_and_break():
    """Put data into the spool, then fail."""
    with spool_folder() as folder:
        (folder / "users.csv").write_text("1")
        raise RuntimeError("broken")


def test_the_spool_is_gone_at_the_end(tmp_path, monkeypatch):
    """Nothing of the data stays on the worker's disk."""
    monkeypatch.setenv("SOCIAL_VAULT_SPOOL", str(tmp_path / "spool"))

    with spool_folder() as folder:
        (folder / "users.csv").write_text("1")
        assert folder.parent == tmp_path / "spool"

    assert not folder.exists()


def test_the_spool_is_gone_after_a_failure(tmp_path, monkeypatch):
    """A failed run leaves no data behind either."""
    monkeypatch.setenv("SOCIAL_VAULT_SPOOL", str(tmp_path))

    with pytest.raises(RuntimeError, match="broken"):
        fill_and_break()

    assert list(tmp_path.iterdir()) == []


def test_only_this_user_may_read_the_spool(monkeypatch):
    """The bytes of users are nobody else's business, wherever the folder is made."""
    monkeypatch.delenv("SOCIAL_VAULT_SPOOL", raising=False)

    with spool_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
