"""What the tests share: drawers of forms and inboxes, real programs, models to compare with."""
