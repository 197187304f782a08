"""What comes in by mail (work): each file into the inbox, filed by site, each mail accounted for in the journal."""
