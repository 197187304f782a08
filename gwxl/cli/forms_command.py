"""``gwxl forms``: which forms there are."""

from gwxl.cli.commands import command as declare
from gwxl.cli.commands import help_option
from gwxl.cli.console import console
from gwxl.cli.language import say
from gwxl.resources import form_ids
from gwxl.rules.shelf import load


@declare("forms")
@help_option
def command() -> None:
    """Print a row a form."""
    rules = [load(name) for name in form_ids()]
    heads = [say("forms.id"), say("forms.title"), say("forms.edition"), say("forms.fields"), say("forms.rules")]
    rows = [
        [one.form.id, one.form.title, one.form.edition, str(len(one.form.fields)), str(len(one.rules))] for one in rules
    ]
    console().table(heads, rows)
