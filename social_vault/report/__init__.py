"""Show what was answered; nothing here asks."""
