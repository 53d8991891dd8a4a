"""Second looks at a zone that holds: what does not add up, or is unlikely, before it is printed."""
