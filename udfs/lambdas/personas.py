"""Step 1: grades."""

from __future__ import annotations

from smarketing_xl.elementwise import Number
from udfs.lambdas.cells import element_by_element, let, number_or_blank


def lead_grade() -> str:
    """The grade of each score; blank below every grade, and of a blank score."""
    row = "LET(name,INDEX(grades,k,1),low,INDEX(grades,k,2),{})"
    named = 'IF(ISERROR(name),TRUE,TRIM(name)<>"")'
    good = "IF(ISERROR(low),FALSE,IF(ISNUMBER(low),AND(low>=0,low<=100),FALSE))"
    lowest = row.format(f"IF({named},IF({good},low+0,1000),-1)")
    lows = f"MAKEARRAY(ROWS(grades),1,LAMBDA(k,one,{lowest}))"
    twice = "SUM((lows=TRANSPOSE(lows))*(lows>=0))>SUM((lows>=0)*1)"
    best = "SUM(MAX((lows<=v_score)*(lows+1)))-1"
    grade = f'LET(best,{best},IF(best<0,"",INDEX(grades,MATCH(best,lows,0),1)&""))'
    known = f'IF(v_score="","",{grade})'
    body = element_by_element({"score": number_or_blank(Number(""))}, known)
    scale = let({"lows": lows}, f"IF(OR(MAX(lows)>100,{twice}),#VALUE!,{body})")
    return f"IF(IFERROR(COLUMNS(grades),1)<2,#VALUE!,{scale})"
