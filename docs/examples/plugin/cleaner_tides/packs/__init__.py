"""The packs: TOML files in this folder, whose ids are their paths below it."""
