"""Every scalar function Vertica has and the stand-in knows; all others are refused."""

from __future__ import annotations

from collections.abc import Callable

from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import Bound
from local_vertica.sql.forms_choice import CHOICE_FORMS
from local_vertica.sql.forms_format import FORMAT_FORMS
from local_vertica.sql.forms_regexp import REGEXP_FORMS
from local_vertica.sql.forms_session import SESSION_FORMS
from local_vertica.sql.forms_space import SPACE_FORMS, SPACE_FUNCTIONS
from local_vertica.sql.forms_text import TEXT_FORMS
from local_vertica.sql.forms_time import TIME_FORMS
from local_vertica.sql.functions_address import ADDRESS_FUNCTIONS
from local_vertica.sql.functions_number import NUMBER_FUNCTIONS
from local_vertica.sql.functions_octets import OCTET_FUNCTIONS
from local_vertica.sql.functions_text import TEXT_FUNCTIONS
from local_vertica.sql.functions_time import TIME_FUNCTIONS
from local_vertica.sql.signatures import Signature
from local_vertica.sql.words import word_set

FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    **TEXT_FUNCTIONS,
    **OCTET_FUNCTIONS,
    **ADDRESS_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **TIME_FUNCTIONS,
    **SPACE_FUNCTIONS,
}
for _name in ("ROUND", "TRUNC"):
    FUNCTIONS[_name] = NUMBER_FUNCTIONS[_name] + TIME_FUNCTIONS[_name]

# Functions that Vertica documents and the stand-in has not: refused as such, not as unknown.
ABSENT = word_set(
    """APPLY_AVG APPLY_COUNT APPLY_COUNT_ELEMENTS APPLY_MAX APPLY_MIN APPLY_SUM
    APPROXIMATE_COUNT_DISTINCT_OF_SYNOPSIS APPROXIMATE_COUNT_DISTINCT_SYNOPSIS
    APPROXIMATE_COUNT_DISTINCT_SYNOPSIS_MERGE APPROXIMATE_QUANTILES ARGMAX ARGMAX_AGG ARGMIN
    ARGMIN_AGG ARRAY_CAT ARRAY_CONTAINS ARRAY_COUNT ARRAY_DIMS ARRAY_FIND ARRAY_LENGTH COLLATION
    CONTAINS DISTANCEV EXPLODE FILTER GROUP_ID IMPLODE RANDOMINT_CRYPTO SET_UNION STRING_TO_ARRAY
    TO_JSON UNNEST"""
)

SPECIAL_FORMS: dict[str, Callable[[n.Call, Block], Bound]] = {
    **CHOICE_FORMS,
    **FORMAT_FORMS,
    **REGEXP_FORMS,
    **SESSION_FORMS,
    **TIME_FORMS,
    **SPACE_FORMS,
    **TEXT_FORMS,
}
