"""How each one that was asked stands (work): what a roster says, joined with what came in."""
