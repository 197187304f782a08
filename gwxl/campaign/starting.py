"""Start a campaign: a folder with its settings, a roster to fill in, a key, and room for what comes and goes."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from gwxl.campaign import mailbox
from gwxl.campaign.post import service
from gwxl.campaign.roster.columns import columns_of
from gwxl.campaign.roster.workbook import write_roster
from gwxl.campaign.settings import FILE_NAME, NAMED, NO_PERIOD, SETTINGS, Campaign, load_campaign
from gwxl.errors import OutputError, SettingsError
from gwxl.files.outputs import fill_folder, make_folder, refuse_standing
from gwxl.files.resources import form_ids
from gwxl.form.definition import Form
from gwxl.terms import Terms
from gwxl.wording import each, text

ROSTER = "roster.xlsx"
KEY = "campaign.key"
CODE = "mail.code"
_FILE_NAME = "{code}-{name}"
_KEY_BYTES = 32
_OWNER_ALONE = 0o600


@dataclass(frozen=True, kw_only=True)
class Started:
    """A campaign that was started: its settings as they are read back, and the form it is about."""

    campaign: Campaign
    form: Form


def start_campaign(terms: Terms, folder: Path) -> Started:
    """Make the folder of a campaign: settings, roster and key, an inbox, an outbox and a folder for what goes back.

    Args:
        terms: the form and the period; what the notice says stands in the settings.
        folder: it is made if it is not there; what else lies there stays.

    Raises:
        SettingsError: several forms are named, or the form asks for no code.
        OutputError: the folder holds a campaign, or one of the files, or cannot be written.
        RuleError: an example of a rule contradicts it.
    """
    rules = terms.prove_rules()
    form = rules.form
    if not form.roles.code:
        raise SettingsError(each("campaign.no_code", form=form.id))
    if os.path.lexists(folder / FILE_NAME):
        raise OutputError(each("campaign.is_one", folder=folder))
    with fill_folder(folder, (ROSTER, KEY, FILE_NAME), refuse_standing) as draft:
        home = folder if folder.is_dir() else draft
        for name in ("inbox", "outbox", "returns"):
            make_folder(home / name)
        (draft / ROSTER).write_bytes(write_roster(rules, columns_of(form)))
        _write_key(draft / KEY)
        (draft / FILE_NAME).write_text(_settings(form, terms, folder), "utf-8")
    return Started(campaign=load_campaign(folder.resolve()), form=form)


def _write_key(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")


def _settings(form: Form, terms: Terms, folder: Path) -> str:
    """Return the text of campaign.toml, each setting explained in the language of the form."""
    notice = terms.notice
    values = {
        "form": _name_form(form, folder),
        "period": str(terms.period) or NO_PERIOD,
        "office": notice.office,
        "phone": notice.phone,
        "deadline": str(notice.deadline or ""),
        "sender": notice.return_to,
        "roster": ROSTER,
        "summary": form.say("campaign.summary_name"),
        "key": KEY,
        "mail.file_name": _FILE_NAME,
        "mail.code_file": CODE,
        **service.DEFAULTS,
        **mailbox.DEFAULTS,
    }
    lines = [_comment(text("campaign.about", form.language))]
    table, shown = "", {name: f"{{{name}}}" for name in NAMED}
    for path in SETTINGS:
        head, _, name = path.rpartition(".")
        if head != table:
            table = head
            lines.append(f"\n[{head}]")
        lines.append(f"\n{_comment(text(f'campaign.setting.{path}', form.language, **shown))}")
        lines.append(f"{name} = {json.dumps(values.get(path, ''), ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _comment(words: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in words.split("\n"))


def _name_form(form: Form, folder: Path) -> str:
    """Return what the settings call a form: its id, or the way from the campaign to its folder."""
    if form.id in form_ids():
        return form.id
    try:
        return Path(os.path.relpath(form.folder, folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return str(form.folder)
