"""What a round of returns is held against, and every verb takes: form and rules, period, key, what the sheet says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.files.resources import rules_folder
from gwxl.form.asked_period import refuse_period
from gwxl.form.definition import Form
from gwxl.form.signature import CampaignKey, Standing
from gwxl.records.delivery import Delivery
from gwxl.records.path import Path as FormPath
from gwxl.records.period import ANY, Period, day_in_words
from gwxl.records.previous import Previous
from gwxl.records.submission import Identity, Submission, Value
from gwxl.rules.available_forms import default_form, load_all
from gwxl.rules.proving import prove
from gwxl.rules.ruleset import RuleSet
from gwxl.store.store import Store
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Notice:
    """By when, where to and with whose help a form is returned; each may be empty."""

    deadline: date | None = None
    return_to: str = ""
    phone: str = ""
    office: str = ""

    def show(self, language: str) -> Mapping[str, str]:
        """Return each as it is written in a language, the day in words."""
        day = day_in_words(self.deadline, language)
        return {"deadline": day, "return_to": self.return_to, "phone": self.phone, "office": self.office}


@dataclass(frozen=True)
class Terms:
    """What one round of returns goes by; sent to another process, they take the rules of a form that is named along.

    Attributes:
        named: id or folder of the form, or rules that are loaded already; None for every form that is known, of which
            the one that ``previous`` is of is meant where one is needed, else the first.
        period: what is asked about; none takes any.
        key: the campaign's key, None where signatures cannot be verified and nothing is signed.
        signed: every return has to be signed with the key and bound to a site.
        notice: what the sheet says on top.
        today: the day of reading, None where no date of a return is too late.
        previous: what the sites reported a period earlier, None where that is not known.
        came: path of a file below the inbox → by which mails it came, None where no mails were collected.
        issued: code of a site → its name, as they stand in the workbook that was issued to it; as far as that is known.
        store: what earlier runs have read, None where every file is read anew; it stays in this process.
    """

    named: str | Path | RuleSet | tuple[RuleSet, ...] | None = None
    period: Period = ANY
    key: CampaignKey | None = None
    signed: bool = False
    notice: Notice = Notice()
    today: date | None = None
    previous: Previous | None = None
    came: Mapping[str, Delivery] | None = None
    issued: Mapping[str, str] | None = None
    store: Store | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.signed and self.key is None:
            raise SettingsError(each("failure.unsigned"))
        if self.previous is not None and self.year and self.previous.period.order >= self.period.order:
            values = {"place": self.previous.place, "found": self.previous.period.labels, "period": self.period.labels}
            raise SettingsError(each("failure.previous_not_earlier", **values))

    def __getstate__(self) -> dict[str, object]:
        # What the folder of a form says may change during a run: nobody reads it a second time.
        return vars(self) | {"named": self.forms, "store": None}

    @cached_property
    def forms(self) -> tuple[RuleSet, ...]:
        """Return the forms a return may be of, with their rules.

        Raises:
            ResourceError: there is no such form.
            FormError, RuleError: a declaration cannot be used.
            SettingsError: none of them asks about such a period.
        """
        if isinstance(self.named, RuleSet):
            found: tuple[RuleSet, ...] = (self.named,)
        else:
            named = self.named or (self.previous and self.previous.form)
            found = named if isinstance(named, tuple) else load_all(str(named) if named else None)
        if self.year is not None and not any(one.form.asks_of(self.period) for one in found):
            raise refuse_period(found[0].form, self.period)
        return found

    @property
    def rules(self) -> RuleSet:
        """Return the rules of the only form, or of the one that is meant where none is named.

        Raises:
            SettingsError: there are several, and none of them is meant.
        """
        forms = self.forms
        if len(forms) > 1 and (self.named is not None or default_form() is None):
            raise SettingsError(each("failure.which_form", forms=", ".join(one.form.id for one in forms)))
        return forms[0]

    @property
    def form(self) -> Form:
        """Return the only form."""
        return self.rules.form

    @property
    def year(self) -> int | None:
        """Return the year that is asked about, None for any."""
        return self.period.year

    @property
    def late(self) -> bool:
        """Tell whether the deadline has passed."""
        return bool(self.today and self.notice.deadline and self.today > self.notice.deadline)

    @property
    def language(self) -> str:
        """Return the language of what belongs to no form: that of the first one."""
        return self.forms[0].form.language

    def of(self, form: str) -> RuleSet:
        """Return the rules of a form by its id; of one that is not asked, the first ones."""
        return next((rules for rules in self.forms if rules.form.id == form), self.forms[0])

    def rules_of(self, submission: Submission | None) -> RuleSet:
        """Return the rules of what was read; of what says no form the first ones."""
        return self.of(submission.identity.form if submission else "")

    def form_of(self, submission: Submission | None) -> Form:
        """Return the form of what was read; of what says none the first one."""
        return self.rules_of(submission).form

    def for_period(self, period: Period) -> "Terms":
        """Return the same terms for a period, or for any."""
        return replace(self, period=period)

    def last(self, form: Form, submission: Submission) -> Mapping[FormPath, Value] | None:
        """Return what the site of a return reported a period earlier, None where that is not known."""
        if self.previous is None or self.previous.form != form.id:
            return None
        code = submission.text_of(form.roles.code) or submission.identity.site_code or ""
        return self.previous.of(code, self.period if self.year else submission.identity.period)

    def find_lacking(self, identity: Identity) -> str:
        """Return what an identity lacks of what is demanded, a key below ``signature.`` in the wording; else empty."""
        if self.key is None or not self.signed:
            return ""
        standing = self.key.judge_identity(identity)
        if standing in {Standing.UNSIGNED, Standing.OTHER}:
            return standing.value
        return "" if identity.site_code else "unbound"

    def prove_rules(self) -> RuleSet:
        """Return the rules of the only form, each held against its own examples.

        Raises:
            RuleError: an example contradicts its rule.
        """
        return prove(self.rules, rules_folder(self.form.folder))
