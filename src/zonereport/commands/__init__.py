"""The groups of commands, and what they share: options, and the terminal."""
