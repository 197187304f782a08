"""Fields that nobody fills in: worked out from numbers of the form (heart)."""
