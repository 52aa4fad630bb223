"""The rule engine: packs of rules as data, kinds of rules as code, and the engine that decides."""
