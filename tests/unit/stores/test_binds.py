"""Values reach SQL as binds: each is written once, and stays a value."""

from social_vault.stores.vertica import bound


class Cursor:
    """Writes values as the driver does."""

    def object_to_sql_literal(self, value):
        """Return a quoted text."""
        return "'" + str(value).replace("'", "''") + "'"


def test_binds_are_written_in_one_pass():
    """A value that looks like a bind stays a value."""
    text = bound(
        Cursor(), "SELECT :src, CAST(:dt AS TIMESTAMP), x::INT", {"src": "a:dt", "dt": "' --"}
    )

    assert text == "SELECT 'a:dt', CAST(''' --' AS TIMESTAMP), x::INT"


def test_several_values_are_a_list_and_none_match_nothing():
    """What IN looks through is written value by value; an empty list would be no SQL."""
    text = "SELECT 1 FROM t WHERE a IN (:some) OR b IN (:none)"

    written = bound(Cursor(), text, {"some": ("it's", "b"), "none": ()})

    assert written == "SELECT 1 FROM t WHERE a IN ('it''s', 'b') OR b IN (NULL)"


def test_a_backslash_is_written_so_that_no_setting_can_change_it():
    """Where StandardConformingStrings is 0, a plain literal would end early at an escaped quote."""
    text = bound(Cursor(), "SELECT :key, :name", {"key": "a\\' OR TRUE --", "name": "it's"})

    assert text == r"SELECT E'a\\'' OR TRUE --', 'it''s'"
