"""Sample data: the four files of a made-up social network, with a known share of bad records."""

from local.sample.generate import Sample, generate

__all__ = ["Sample", "generate"]
