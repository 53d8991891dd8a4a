"""Emailing briefings: composed, reviewed as drafts, sent once, and known for sure after."""
