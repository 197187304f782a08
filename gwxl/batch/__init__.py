"""A folder of returns: read, told apart, decided on, added up."""
