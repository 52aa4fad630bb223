"""What the compiled modules and the engine must come to, written down once more: slowly, plainly, line by line."""
