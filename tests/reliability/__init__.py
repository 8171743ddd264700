"""What breaks: kills, crowds, cut connections, full disks, damaged files. `make reliability` runs them."""
