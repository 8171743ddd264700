"""Benchmarks: each a ratio of ours to a bare floor, taken inside one run. `make bench` prints them."""
