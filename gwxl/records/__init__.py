"""What all rooms speak of (ground): what came back, what is wrong with it, what became of each file."""
