"""Floors: the bare thing that ours is held against, in at most 30 lines each."""
