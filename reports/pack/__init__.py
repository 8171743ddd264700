"""The quarterly pack: its files, its manifest, the same pack built again."""
