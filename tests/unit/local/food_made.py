"""A small made-up food delivery, and its deliveries by month."""

from datetime import date

from local.food.delivery import Maker

TODAY = date(2026, 12, 1)


def made_for(today=TODAY, scale=0.05, seed=7):
    """Make what there is on the first day, and who made it."""
    maker = Maker(seed, today)
    maker.begin(scale)
    return maker


def by_month(deliveries, of="order_ts"):
    """Group deliveries by courier and month."""
    months = {}
    for each in deliveries:
        months.setdefault((each["courier_id"], each[of][:7]), []).append(each)
    return months
