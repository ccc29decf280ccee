"""The pictures of the food delivery's reports."""

import struct
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.report.courier_picture import (
    BANDS,
    bands_of,
    draw_ledger,
    height_of,
    note,
)
from social_vault.report.courier_picture import headline as pay_headline
from social_vault.report.courier_picture import words_of as pay_words
from social_vault.report.settlement_picture import (
    DAYS_BY_DAY,
    MOST_NAMED,
    NAME_HIGH,
    NAME_LIMIT,
    draw_settlements,
    is_too_high,
    lines_of,
    spread,
    step_of,
    steps_of,
)
from social_vault.report.settlement_picture import headline as due_headline
from social_vault.report.settlement_picture import words_of as due_words
from tests.unit.report.made_dues import DAY, month, settlement


def due(rows):
    """Return the words above the picture of a settlement report."""
    words = due_words(rows, lines_of(rows))
    return words.headline, words.second_line


def days(*numbers, **changes):
    """Make days of one restaurant, by how many days they are behind the first."""
    return [settlement(1, DAY + timedelta(number), **changes) for number in numbers]


def test_a_day_on_which_nothing_was_closed_is_zero():
    """A line drawn straight over it would show what nobody is due."""
    [line] = lines_of(days(0, 3))

    assert list(map(int, line.values)) == [700, 0, 0, 700]


@pytest.mark.parametrize(
    ("last", "step", "count"),
    [
        (0, "day", 1),
        (DAYS_BY_DAY, "day", 61),
        (61, "week", 10),
        (730, "week", 106),
        (731, "month", 25),
    ],
)
def test_a_longer_time_is_shown_by_larger_steps(last, step, count):
    """Lines stay readable; each step begins where people expect it, and none is missing."""
    rows = days(0, last)
    starts = steps_of(rows)

    assert (step_of(rows), len(starts)) == (step, count)
    assert all(start.weekday() == 0 for start in starts if step == "week")
    assert all(start.day == 1 for start in starts if step == "month")


@draws(40)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),
            st.dates(date(2026, 1, 1), date(2029, 1, 1)),
            st.decimals(0, 10**6, places=2),
        ),
        min_size=1,
    )
)
def test_no_sum_is_lost_on_the_way_into_the_picture(drawn):
    """All lines together are what all rows are due, whatever is named, summed or put in steps."""
    rows = [settlement(n, day, restaurant_reward_sum=reward) for n, day, reward in drawn]
    lines = lines_of(rows)

    assert sum(line.total for line in lines) == sum(row.restaurant_reward_sum for row in rows)
    assert {len(line.values) for line in lines} == {len(steps_of(rows))}
    totals = [line.total for line in lines[:MOST_NAMED]]
    assert totals == sorted(totals, reverse=True)
    assert len(lines) == min(len({n for n, _, _ in drawn}), MOST_NAMED + 1)


def test_those_who_are_not_named_are_one_line_unless_it_would_hide_the_others():
    """The others together are told in any case."""
    few = lines_of([settlement(n) for n in range(MOST_NAMED + 2)])
    many = lines_of([settlement(n) for n in range(100)])

    assert few[-1].name == "2 others"
    assert [is_too_high(line, few) for line in few] == [False] * (MOST_NAMED + 1)
    assert many[-1].name == "94 others"
    assert [is_too_high(line, many) for line in many] == [False] * MOST_NAMED + [True]


def test_restaurants_of_one_name_have_lines_of_their_own():
    """Two branches of a chain are two who are due."""
    lines = lines_of([settlement(n, restaurant_name="Вкус") for n in (1, 2)])

    assert [line.name for line in lines] == ["Вкус …000001", "Вкус …000002"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\n$b$", "a $b$"),
        (None, "…000000000001"),
        ("🦆", "…000000000001"),
        ("я" * 99, "я" * 25 + "…"),
    ],
)
def test_a_name_becomes_one_short_line_that_the_font_has(name, shown):
    """What has no name that can be drawn is called by the end of its id."""
    [line] = lines_of([settlement(1, restaurant_name=name)], known=range(0x1F000))

    assert line.name == shown
    assert len(line.name) <= NAME_LIMIT


def test_the_headline_says_who_is_due_how_much():
    """The sum of all, and of the largest; of a single one its name alone."""
    alone = due(days(0, 1))
    both = due([*days(0, 1), settlement(2)])
    nobody = due(days(0, restaurant_reward_sum=Decimal(0)))

    assert alone[0] == "“Ресторан 1” is due 1,400.00"
    assert alone[1] == "1 Nov 2026 to 2 Nov 2026, by day. No restaurant owes anything."
    assert both[0] == "Restaurants are due 2,100.00, “Ресторан 1” the most: 1,400.00"
    assert nobody[0] == "No restaurant is due anything"
    assert due_headline(lines_of(days(0))) == "“Ресторан 1” is due 700.00"


def test_debts_are_told_beside_what_is_due():
    """A reward is never below zero, so that the picture alone would hide them."""
    debt = {"restaurant_reward_sum": Decimal(0), "restaurant_debt_sum": Decimal("1000.50")}

    assert (
        due(days(0, **debt))[1] == "1 Nov 2026, by day. 1 restaurant owes 1,000.50, not taken off."
    )
    owing = [settlement(n, **debt) for n in (1, 2, 2)]
    assert due(owing)[1].endswith("2 restaurants owe 3,001.50, not taken off.")


@draws(100)
@given(st.lists(st.floats(0, 1), max_size=MOST_NAMED + 1))
def test_no_name_stands_upon_another_or_off_the_picture(ends):
    """Each has room, within the height of the lines; their order is that of the ends."""
    places = spread(ends)
    ordered = sorted(places)

    assert all(b - a > NAME_HIGH - 1e-9 for a, b in pairwise(ordered))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    assert all(
        places[a] < places[b]
        for a in range(len(ends))
        for b in range(len(ends))
        if ends[a] < ends[b]
    )


@pytest.mark.parametrize(
    ("rate", "band"),
    [("3.99", 0), ("4.00", 1), ("4.49", 1), ("4.50", 2), ("4.89", 2), ("4.90", 3), ("5.00", 3)],
)
def test_a_month_lies_in_its_rating_band(rate, band):
    """Each begins with its lower end; a band is of pay for an order, and of couriers."""
    bands = bands_of([month(1, rate, orders_count=100, courier_reward_sum=Decimal(25000))])

    assert [len(each.pay) for each in bands] == [int(place == band) for place in range(len(BANDS))]
    assert (bands[band].pay, bands[band].couriers) == ((250.0,), 1)


@pytest.mark.parametrize(
    ("rates", "orders", "rounded", "band"),
    [
        (235, 48, "4.90", 2),  # 4.8958 is paid as below 4.9
        (343, 70, "4.90", 3),  # 4.9 exactly
        (191, 48, "3.98", 0),
        (359, 90, "3.99", 0),
        (49, 9, "4.90", 3),  # ten ratings, two of one order: the rounded one is all there is
    ],
)
def test_a_rating_is_not_rounded_into_the_band_above(rates, orders, rounded, band):
    """The ledger pays by the exact average, and shows two digits of it."""
    bands = bands_of([month(1, rounded, orders_count=orders)])

    assert [place for place, each in enumerate(bands) if each.pay] == [band]


@draws(200)
@given(st.integers(1, 99).flatmap(lambda n: st.tuples(st.just(n), st.integers(n, 5 * n))))
def test_a_month_of_less_than_a_hundred_orders_is_in_the_band_that_it_was_paid_by(drawn):
    """By the whole numbers that the view compares."""
    orders, rates = drawn
    places = (rates >= 4 * orders, 2 * rates >= 9 * orders, 10 * rates >= 49 * orders)
    rounded = int((Decimal(200) * rates / orders + 1) // 2)  # hundredths, halves up

    bands = bands_of([month(1, f"{rounded / 100:.2f}", orders_count=orders)])

    assert [place for place, each in enumerate(bands) if each.pay] == [sum(places)]


def test_the_pay_of_a_courier_is_told_by_rating():
    """The best and the worst band that somebody is in, by what half of the months exceed."""
    rows = [
        month(1, "5.00"),
        month(2, "5.00", courier_reward_sum=Decimal(2700)),
        month(2, "4.20", settlement_month=10, courier_reward_sum=Decimal(1600)),
    ]
    words = pay_words(rows, bands_of(rows))

    assert (
        words.headline
        == "An order brings 260 to couriers rated 4.9 and over, 160 to those 4 to 4.5"
    )
    assert words.second_line == ("2 couriers are due 6,800.00 for 30 orders, 2026-10 to 2026-11.")
    assert pay_headline(bands_of(rows[:1])) == "An order brings 250 to couriers rated 4.9 and over"


def test_pay_far_off_does_not_press_all_others_to_the_floor_and_is_told():
    """One order of a feast, carried in a month without others."""
    rows = [*(month(n) for n in range(60)), month(99, courier_reward_sum=Decimal(10**6))]
    bands = bands_of(rows)

    assert height_of([pay for band in bands for pay in band.pay]) == 625
    assert note(bands).endswith("1 of 61 lie higher (▲).")
    assert "▲" not in note(bands_of(rows[:60]))


def test_empty_reports_are_told_in_a_sentence():
    """An empty page would look like a failure."""
    assert due([]) == ("No restaurant is due anything yet", "No order was closed.")
    words = pay_words([], bands_of([]))
    assert (words.headline, words.second_line) == (
        "No courier is due anything yet",
        "No order was delivered.",
    )


def restaurants(count, every):
    """Make a year or so of restaurants, one of which has a name of letters as wide as they get."""
    names = {0: "Щ" * 60, 1: "🦆 $x$ \n<b>", 2: None}
    return [
        settlement(n, DAY + timedelta(day), restaurant_name=names.get(n, f"Кафе {n}"))
        for n in range(count)
        for day in range(0, 365, every)
    ]


DUE = {
    "empty": [],
    "one day": days(0),
    "forty days": [settlement(n, DAY + timedelta(d)) for n in range(4) for d in range(40)],
    "a year": restaurants(9, 3),
    "debts alone": days(0, 1, restaurant_reward_sum=Decimal(0), restaurant_debt_sum=Decimal(5)),
    "large sums": days(0, 5, restaurant_reward_sum=Decimal("999999999999.99")),
}


@pytest.mark.parametrize("rows", DUE.values(), ids=DUE)
def test_a_page_is_drawn_whatever_restaurants_are_due(tmp_path, rows):
    """A PNG of 16:9 that fits a slide, without a warning of the library."""
    check_page(draw_settlements(rows, tmp_path / "page.png"))


@pytest.mark.parametrize("count", [0, 1, 40, 500])
def test_a_page_is_drawn_however_many_couriers_there_are(tmp_path, count):
    """Nobody, a single one, and more than can be told apart; a feast among them."""
    rows = [month(n, rate=f"{3 + n % 21 / 10:.2f}") for n in range(count)]
    if count == 40:
        rows.append(month(99, courier_reward_sum=Decimal(10**6)))

    check_page(draw_ledger(rows, tmp_path / "page.png"))


def check_page(picture):
    """Look at the head of a PNG."""
    head = picture.read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:24])
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert width / height == pytest.approx(16 / 9, rel=0.001)
    assert width >= 1920


def test_a_page_is_drawn_again_only_when_it_would_differ(tmp_path):
    """What is the same costs no second drawing; the two reports are never taken for each other."""
    target = draw_settlements([], tmp_path / "page.png")
    first, stamp = target.read_bytes(), target.stat().st_mtime_ns

    draw_settlements([], target)
    assert target.stat().st_mtime_ns == stamp

    draw_ledger([], target)
    assert target.read_bytes() != first
