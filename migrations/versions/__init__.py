"""The revisions, one file each: rNNNN_what_it_does.py."""
