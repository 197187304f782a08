"""A folder of returns (work): read, told apart, decided on, added up."""
