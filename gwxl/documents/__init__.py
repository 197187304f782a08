"""The JSON documents of the commands (outside); their schemas stand in schema/, and are part of the wheel."""
