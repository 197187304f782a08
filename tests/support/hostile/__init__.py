"""Files made to hurt whoever reads them, all of them made here by a script and none of them stored."""
