"""What a file is, told from its bytes: let in, or refused with the reason."""
