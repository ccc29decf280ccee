"""From the octets of a file to accepted and refused records."""
