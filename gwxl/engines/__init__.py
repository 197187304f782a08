"""Work spread over processes (ground): a hang or a dying worker costs its own item only."""
