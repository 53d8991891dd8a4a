"""The briefing as the text of an email: HTML that mail programs show, and plain text that reads alone."""
