"""How prepared messages are mailed, each at most once: settings, calendar, drafts, server, journal."""
