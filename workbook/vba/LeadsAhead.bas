Attribute VB_Name = "LeadsAhead"
Option Explicit
Option Private Module

' LEADS_DUE in VBA itself, by the rules of smarketing_xl/funnel/plan.py: the sales of a month close
' evenly over its days, each needs its leads a sales cycle before, and the plan repeats.

Private Const LONGEST_CYCLE As Double = 1825

' LEADS_DUE of single cells and ranges; a plan that is none answers its error.
Public Function LeadsDueBy(ByVal given As Variant) As Variant
    Dim plan As Variant, asked As Variant
    plan = PlanOf(given(1), given(2))
    asked = Array(given(0), given(3), given(4), given(5))
    LeadsDueBy = plan
    If Not IsError(plan) Then LeadsDueBy = ElementByElement("LEADS_DUE", asked, plan)
End Function

' LEADS_DUE of a month, an average revenue, a conversion rate and a sales cycle.
Public Function LeadsDue(ByVal v As Variant, ByVal plan As Variant) As Variant
    Dim asked As Variant, revenue As Variant, rate As Variant, days As Variant
    Dim first As Long
    asked = SecondsOf(v(0))
    revenue = Judged(v(1), 0, ANY_SIZE, True)
    rate = Judged(v(2), 0, 1, True)
    days = Judged(v(3), 0, LONGEST_CYCLE, False)
    LeadsDue = FirstError(Array(asked, revenue, rate, days))
    If IsError(LeadsDue) Then Exit Function
    first = MonthOf(asked)
    LeadsDue = LeadsBy(StartOf(first + 1) + days, plan, revenue * rate) _
        - LeadsBy(StartOf(first) + days, plan, revenue * rate)
End Function

' Whole leads that the sales closed by a day needed in all.
Private Function LeadsBy(ByVal day As Double, ByVal plan As Variant, ByVal worth As Double) As Double
    LeadsBy = WholeUp(Int(ClosedBy(day, plan) / worth * 1000000000# + 0.5) / 1000000000#)
End Function

' The plan: its first month (counted from year 0) and the quota of each month; or the error that
' makes it none.
Private Function PlanOf(ByRef months As Variant, ByRef quotas As Variant) As Variant
    Dim length As Long, at As Long, first As Variant, sold As Variant
    PlanOf = FirstError(Array(WrongLine(months, True), WrongLine(quotas, False)))
    If IsError(PlanOf) Then Exit Function
    length = FilledLength(months)
    For at = 0 To FilledLength(quotas) - 1
        If Judged(Along(quotas, at), -ANY_SIZE, ANY_SIZE, False) < 0 Then PlanOf = CVErr(NUM)
    Next at
    If IsError(PlanOf) Then Exit Function
    If length = 0 Or length <> FilledLength(quotas) Then
        PlanOf = CVErr(VALUE)
        Exit Function
    End If
    first = FirstMonth(months, length)
    PlanOf = first
    If IsError(first) Then Exit Function
    ReDim sold(0 To length - 1)
    For at = 0 To length - 1
        sold(MonthOf(SecondsOf(Along(months, at))) - first) = _
            Judged(Along(quotas, at), 0, ANY_SIZE, False)
    Next at
    PlanOf = Array(first, sold)
End Function

' The first cell of a line that is no date or no number, as its error.
Private Function WrongLine(ByRef series As Variant, ByVal dates As Boolean) As Variant
    Dim at As Long, cell As Variant
    WrongLine = WrongShape(series)
    If IsError(WrongLine) Then Exit Function
    For at = 0 To FilledLength(series) - 1
        If dates Then
            If IsError(SecondsOf(Along(series, at))) Then WrongLine = CVErr(VALUE)
        Else
            cell = Judged(Along(series, at), -ANY_SIZE, ANY_SIZE, False)
            If IsError(cell) And Not IsError(WrongLine) Then WrongLine = cell
        End If
    Next at
End Function

' The first month of a plan; #NUM! where a month is missing or there twice.
Private Function FirstMonth(ByRef series As Variant, ByVal length As Long) As Variant
    Dim at As Long, month As Long, first As Long, seen As Variant
    first = MonthOf(SecondsOf(Along(series, 0)))
    For at = 1 To length - 1
        month = MonthOf(SecondsOf(Along(series, at)))
        If month < first Then first = month
    Next at
    FirstMonth = first
    ReDim seen(0 To length - 1)
    For at = 0 To length - 1
        month = MonthOf(SecondsOf(Along(series, at))) - first
        If month >= length Then
            FirstMonth = CVErr(NUM)
            Exit Function
        End If
        If Not IsEmpty(seen(month)) Then FirstMonth = CVErr(NUM)
        seen(month) = True
    Next at
End Function

' Sales closed by a day, from the start of the plan on.
Private Function ClosedBy(ByVal day As Double, ByVal plan As Variant) As Double
    Dim at As Long, first As Double, after As Double, sold As Variant, closed As Double
    sold = plan(1)
    first = StartOf(plan(0))
    Do While first < day
        after = StartOf(plan(0) + at + 1)
        closed = closed + sold(at Mod (UBound(sold) + 1)) * _
            IIf(day < after, (day - first) / (after - first), 1)
        at = at + 1
        first = after
    Loop
    ClosedBy = closed
End Function

' Months counted from year 0, and the first day of each.
Private Function MonthOf(ByVal seconds As Double) As Long
    Dim day As Double
    day = Int(seconds / 86400#)
    MonthOf = Year(day) * 12 + Month(day) - 1
End Function

Private Function StartOf(ByVal month As Long) As Double
    StartOf = CDbl(DateSerial(month \ 12, (month Mod 12) + 1, 1))
End Function
