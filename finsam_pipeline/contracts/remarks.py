"""What a reader's remarks say to the office: deviations read past, which stop nothing (docs/sie-checks.md).

Belongs here: the words of each code. Does not: when a remark is made (readers).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REMARKS_SV: Mapping[str, str] = MappingProxyType(
    {
        "already_imported": "filen är märkt som redan inläst (#FLAGGA 1)",
        "amount_form": "belopp skrivet på annat sätt än formatet säger, men entydigt",
        "balances_beyond_covers_to": "saldona räknar med rader efter dagen i #OMFATTN",
        "budget_elsewhere": "filen har en budget (#PBUDGET), som räknas först när filen även läggs i mappen budget",
        "checksum_never_opened": "kontrollsumma utan början",
        "closing_differs_from_opening": "utgående saldon och resultat summerar inte till ingående saldon",
        "date_form": "datum skrivet på annat sätt än formatet säger",
        "missing_brace": "verifikation utan inledande klammer",
        "missing_end_brace": "verifikation utan avslutande klammer",
        "missing_end_quote": "text utan avslutande citattecken",
        "newline_in_text": "radslut inne i en text",
        "no_object_list": "rad utan objektlista",
        "no_vouchers": "filen har inga verifikationer och ger inget utfall; exportera SIE typ 4 för det",
        "number_not_ascending": "verifikationsnummer i fallande ordning",
        "odd_object_list": "objektlista med udda antal fält",
        "opening_differs_from_last_closing": "ingående saldo skiljer sig från förra årets utgående",
        "opening_not_zero": "ingående saldon summerar inte till noll: förra årets resultat är inte omfört",
        "period_balances_rejected": "periodsaldon summerar inte till årets",
        "row_in_other_month": "rad med datum i en annan månad än verifikationens",
        "row_outside_voucher": "rad utanför en verifikation",
        "rtrans_without_trans": "tillagd rad (#RTRANS) utan sin #TRANS",
        "sheet_aside": "ett blad med några av källans rubriker är ingen sådan tabell och läses förbi",
        "stray_brace": "lös klammer",
        "suspect_letters": "tecken som tyder på en tidigare felaktig teckenkodning",
        "text_outside_record": "text utanför en post",
        "undeclared_account": "konto som filen inte deklarerar (#KONTO)",
        "undeclared_object": "objekt som filen inte deklarerar (#OBJEKT)",
        "unknown_label": "okänd posttyp",
        "unreadable_amount": "belopp som inte kan läsas",
        "unreadable_checksum": "kontrollsumma som inte kan läsas",
        "unreadable_date": "datum som inte kan läsas",
        "unreadable_record": "slutet av en post kan inte läsas",
        "unreadable_type": "filtyp som inte kan läsas (#SIETYP)",
        "unreadable_year": "räkenskapsår som inte kan läsas (#RAR)",
        "voucher_twice": "samma verifikationsnummer två gånger i filen",
    }
)
"""Code → what it says, the beginning of a sentence in Swedish without its place."""
