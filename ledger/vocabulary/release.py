"""The release of this program, which a pack names among the versions of what made it.

Between two releases it is that of the next with `.dev0`: what a pack looks like may have changed since the last one.
"""

__version__ = "0.2.0.dev0"
