"""What will be said: blocks that know nothing of PDF or Word, and how a template composes them."""
