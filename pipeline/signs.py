"""Which signs are one sign: full and half width, Traditional and Simplified (OpenCC). Each is one code point for one, so
that offsets stay."""

from functools import cache

# Full-width signs and their half-width forms (GENRE §0).
WIDTHS = (
    {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
    | {"\u3000": " ", "\u00a0": " ", "–": "-", "−": "-", "〜": "~", "〈": "<", "〉": ">", "µ": "μ", "﹪": "%"}
    | {"「": "“", "」": "”", "『": "“", "』": "”", "﹑": "、", "﹔": ";", "\ufe30": ":"}
)


@cache
def variants() -> dict[int, str]:
    """Traditional signs and their Simplified forms."""
    from opencc import OpenCC  # noqa: PLC0415 - a worker that folds nothing starts without it

    signs = [chr(code) for code in range(0x3400, 0xA000)]
    forms = OpenCC("t2s").convert("\n".join(signs)).split("\n")
    pairs = zip(signs, forms, strict=True)
    return {ord(sign): form for sign, form in pairs if sign != form and len(form) == 1}
