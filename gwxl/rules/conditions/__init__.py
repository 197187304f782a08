"""Fields that are asked only while something holds (heart): what a form says of that, and to which it applies."""
