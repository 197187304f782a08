"""The JSON documents of the commands (outside); their schemas stand in docs/schema/."""
