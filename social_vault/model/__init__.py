"""What is declared, once, and no I/O: tables, hubs, links, satellites, keys."""
