"""What a summary hands to the next level: its returns as they were read, and what was decided about them."""
