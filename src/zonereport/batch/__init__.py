"""Many briefings at once: planned here, made by workers anywhere, written and recorded here."""
