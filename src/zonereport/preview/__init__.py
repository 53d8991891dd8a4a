"""The preview: the briefing in a browser, made anew whenever one of its files is saved."""
