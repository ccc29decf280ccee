"""SET TIME ZONE takes what the page of it names (statements/set-statements/set-time-zone, 11.0)."""

import pytest

NOON = "SELECT (TIMESTAMPTZ '2020-01-01 12:00+00')::VARCHAR"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("'Europe/Rome'", "2020-01-01 13:00:00+01"),
        ("'PST8PDT'", "2020-01-01 04:00:00-08"),
        ("'-7'", "2020-01-01 05:00:00-07"),
        ("-7", "2020-01-01 05:00:00-07"),
        ("+ 3", "2020-01-01 15:00:00+03"),
        ("14", "2020-01-02 02:00:00+14"),
        ("0", "2020-01-01 12:00:00+00"),
        ("INTERVAL '-08:00 HOURS'", "2020-01-01 04:00:00-08"),
        ("INTERVAL '-08:00' HOUR TO MINUTE", "2020-01-01 04:00:00-08"),
        ("INTERVAL '2' HOUR", "2020-01-01 14:00:00+02"),
        ("DEFAULT", "2020-01-01 12:00:00+00"),
        ("LOCAL", "2020-01-01 12:00:00+00"),
    ],
)
def test_a_zone_is_a_name_a_number_or_an_interval(shared, zone, shown):
    """Moments are shown in it, whichever way it is said."""
    shared.run("SET TIME ZONE TO 'Asia/Tokyo'")

    for words in ("TIME ZONE", "TIME ZONE TO", "TIMEZONE TO"):
        shared.run(f"SET {words} {zone}")

        assert shared.run(NOON) == [(shown,)]
        assert shared.run("SELECT CURRENT_TIME IS NOT NULL") == [(True,)]


@pytest.mark.parametrize(
    ("zone", "sqlstate"),
    [
        ("'No/Such'", "22023"),
        ("'15'", "22023"),
        ("-13", "22023"),
        ("INTERVAL '1 month'", "22023"),
        ("INTERVAL '1' YEAR", "22023"),
        ("INTERVAL 'nonsense'", "22023"),
        ("INTERVAL '-08:00' HOUR TO MINUTE + 1", "42601"),
        ("INTERVAL 5", "42601"),
        ("1.5", "42601"),
        ("", "42601"),
        ("INTERVAL '05:30'", "0A000"),
        ("'America/New York -3'", "0A000"),
    ],
)
def test_what_is_no_zone_is_refused(shared, zone, sqlstate):
    """The zone stays what it was; offsets that no zone has all year round are not supported."""
    shared.run("SET TIME ZONE TO 'Europe/Rome'")

    assert shared.refused(f"SET TIME ZONE TO {zone}") == sqlstate

    assert shared.run("SHOW TIMEZONE") == [("timezone", "Europe/Rome")]
