"""Source systems: what changed in them becomes landing objects, and from there goes the one way.

Drivers are imported only here, each by its own module, and each is an extra of the package.
"""
