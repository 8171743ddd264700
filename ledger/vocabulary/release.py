"""The release of this program, which a pack names among the versions of what made it.

Between two releases it is that of the next with `.dev0`, and with a higher number each time that a pack looks, or counts,
other than before: a pack is compared byte by byte with what the same number makes.
"""

__version__ = "0.2.0.dev3"
