"""Signs and codes of money, before or after an amount: €, US$, B/., S/, ₲, every ISO code."""

from __future__ import annotations

import re
from functools import cache

# ISO 4217, as in use
CODES = frozenset(
    re.findall(
        "[A-Z]{3}",
        """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
    BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
    GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
    KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
    MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
    TZS UAH UGX USD UYU UZS VES VED VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """,
    )
)
# what people write for it; "$" alone may be any dollar or peso, and stays "$"
_SIGNS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH",
    "₪": "ILS", "฿": "THB", "₫": "VND", "₱": "PHP", "₦": "NGN", "₡": "CRC", "₲": "PYG", "₵": "GHS",
    "B/.": "PAB", "B/": "PAB", "S/.": "PEN", "S/": "PEN", "Bs.S": "VES", "Bs.D": "VES",
    "Bs.F": "VES", "Bs.": "Bs", "Bs": "Bs", "Gs.": "PYG", "Gs": "PYG", "Q.": "GTQ", "Q": "GTQ",
    "L.": "HNL", "L": "HNL", "R$": "BRL", "US$": "USD", "U$S": "USD", "U$D": "USD", "$US": "USD",
    "MX$": "MXN", "MEX$": "MXN", "AR$": "ARS", "COL$": "COP", "CO$": "COP", "CLP$": "CLP",
    "C$": "NIO", "RD$": "DOP", "$U": "UYU", "UY$": "UYU", "G$": "GYD", "TT$": "TTD", "J$": "JMD",
    "BZ$": "BZD", "EC$": "XCD", "CA$": "CAD", "CAD$": "CAD", "A$": "AUD", "AU$": "AUD",
    "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "Rs.": "INR", "Rs": "INR",
    "kr": "kr", "kr.": "kr", "Kč": "CZK", "zł": "PLN", "Ft": "HUF", "lei": "RON", "Fr.": "CHF",
    "$": "$",
}  # fmt: skip
_WORDS = frozenset({"ALL", "ANG", "BAM", "CUP", "GEL", "LAK", "MAD", "MOP", "PEN", "TOP", "TRY"})
# whose own sign is $
DOLLARS = frozenset(
    re.findall(
        "[A-Z]{3}",
        "ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NIO NZD "
        "SBD SGD SRD TTD TWD USD UYU XCD",
    )
)
# three decimals are cents there; elsewhere three digits after one mark are thousands
THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})

# any sign of money, for the regular expressions of Python and of Polars alike. Letters alone (Q, L)
# count as people write them, in capitals; codes in any case,
# where they are no words.
SIGN = (
    "(?:"
    + "|".join(
        [
            *(
                re.escape(sign)
                for sign in sorted(_SIGNS, key=lambda sign: -len(sign))
                if not sign.isalpha()
            ),
            r"[A-Z]{1,3}\$",
            f"(?i:{'|'.join(sorted(CODES - _WORDS))})",
            "|".join(sorted(_WORDS)),
            "Bs|Gs|Rs|kr|Kč|zł|Ft|lei|Q|L",
            "[\u20a0-\u20cf\u00a2-\u00a5]",
        ]
    )
    + ")"
)


@cache
def currency(sign: str) -> str:
    """The ISO code that a sign or a code stands for; the sign itself where it may be several.

    >>> [currency(sign) for sign in ("€", "b/.", "mxn", "$", "RD$")]
    ['EUR', 'PAB', 'MXN', '$', 'DOP']
    """
    upper = sign.upper()
    if upper in CODES:
        return upper
    known = {name.upper(): code for name, code in _SIGNS.items()}
    return known.get(upper, upper)


def one_currency(signs: set[str]) -> set[str]:
    """The currencies that several signs say: a `$` beside a code is that code's own sign.

    >>> one_currency({"$", "MXN"})
    {'MXN'}
    """
    return signs - {"$"} if signs & DOLLARS else signs
