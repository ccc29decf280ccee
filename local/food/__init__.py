"""The laptop's food delivery: three systems with made-up data, and the run that reads them."""
