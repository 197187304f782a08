"""What a cell says (heart): text and number as people write them, read as the kind that is asked for, changes told."""
