"""A pack and a kind of rules for cleaner."""
