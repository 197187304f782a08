"""Files beside returns (ground): declarations read under bounds, outputs written whole or not at all."""
