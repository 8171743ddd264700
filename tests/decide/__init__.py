"""The rules by themselves: events and a command in, events or a refusal out; no database."""
