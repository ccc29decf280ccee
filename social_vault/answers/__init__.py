"""Ask the warehouse; what comes back is shown elsewhere."""
