Attribute VB_Name = "LeadsAhead"
Option Explicit
Option Private Module

' LEADS_DUE in VBA itself, by the rules of smarketing_xl/funnel/plan.py: the sales of a month close
' evenly over its days, each needs its leads a sales cycle before, and the plan repeats.

Private Const LONGEST_CYCLE As Double = 1825

Public Function LeadsDueBy(ByVal given As Variant) As Variant
    Dim row As Long, column As Long, all() As Variant, plan As Variant
    plan = PlanOf(given)
    If Not IsArray(given(0)) Then
        LeadsDueBy = LeadsDueIn(given(0), plan)
        Exit Function
    End If
    ReDim all(0 To RowsOf(given(0)) - 1, 0 To ColumnsOf(given(0)) - 1)
    For row = 0 To UBound(all, 1)
        For column = 0 To UBound(all, 2)
            all(row, column) = LeadsDueIn(Element(given(0), row, column), plan)
            If IsError(plan) And Not IsError(SecondsOf(Element(given(0), row, column))) Then
                LeadsDueBy = plan
                Exit Function
            End If
        Next column
    Next row
    LeadsDueBy = all
End Function

Private Function LeadsDueIn(ByVal cell As Variant, ByVal plan As Variant) As Variant
    Dim asked As Variant, first As Long, due As Double
    asked = SecondsOf(cell)
    LeadsDueIn = FirstError(Array(asked, plan))
    If IsError(LeadsDueIn) Then Exit Function
    first = MonthOf(asked)
    due = ClosedBy(StartOf(first + 1) + plan(1), plan) - ClosedBy(StartOf(first) + plan(1), plan)
    LeadsDueIn = WholeUp(Int(due * 1000000000# + 0.5) / 1000000000#)
End Function

' The plan: its first month (counted from year 0), the sales cycle, and the leads of each month; or
' the error that makes it none.
Private Function PlanOf(ByRef given As Variant) As Variant
    Dim revenue As Variant, rate As Variant, days As Variant, months As Long, at As Long
    Dim first As Variant, wrong As Variant, planned As Variant
    revenue = SingleNumber(given(3), CVErr(NA))
    rate = SingleNumber(given(4), CVErr(NA))
    days = SingleNumber(given(5), CVErr(NA))
    PlanOf = FirstError(Array(WrongLine(given(1), True), WrongLine(given(2), False), _
        revenue, rate, days))
    If IsError(PlanOf) Then Exit Function
    months = FilledLength(given(1))
    wrong = 0
    If months = 0 Or months <> FilledLength(given(2)) Then wrong = CVErr(VALUE)
    For at = 0 To FilledLength(given(2)) - 1
        If Judged(Along(given(2), at), -ANY_SIZE, ANY_SIZE, False) < 0 Then wrong = CVErr(NUM)
    Next at
    PlanOf = wrong
    If IsError(wrong) Then Exit Function
    first = FirstMonth(given(1), months)
    days = Judged(days, 0, LONGEST_CYCLE, False)
    revenue = Judged(revenue, 0, ANY_SIZE, True)
    rate = Judged(rate, 0, 1, True)
    PlanOf = FirstError(Array(first, days, revenue, rate))
    If IsError(PlanOf) Then Exit Function
    ReDim planned(0 To months - 1)
    For at = 0 To months - 1
        planned(MonthOf(SecondsOf(Along(given(1), at))) - first) = _
            Judged(Along(given(2), at), 0, ANY_SIZE, False) / revenue / rate
    Next at
    PlanOf = Array(first, days, planned)
End Function

' The first cell of a line that is no date or no number, as its error.
Private Function WrongLine(ByRef series As Variant, ByVal dates As Boolean) As Variant
    Dim at As Long, cell As Variant
    WrongLine = 0
    If RowsOf(series) > 1 And ColumnsOf(series) > 1 Then
        WrongLine = CVErr(VALUE)
        Exit Function
    End If
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
Private Function FirstMonth(ByRef series As Variant, ByVal months As Long) As Variant
    Dim at As Long, month As Long, first As Long, seen As Variant
    first = MonthOf(SecondsOf(Along(series, 0)))
    For at = 1 To months - 1
        month = MonthOf(SecondsOf(Along(series, at)))
        If month < first Then first = month
    Next at
    FirstMonth = first
    ReDim seen(0 To months - 1)
    For at = 0 To months - 1
        month = MonthOf(SecondsOf(Along(series, at))) - first
        If month >= months Then
            FirstMonth = CVErr(NUM)
            Exit Function
        End If
        If Not IsEmpty(seen(month)) Then FirstMonth = CVErr(NUM)
        seen(month) = True
    Next at
End Function

' Leads whose sales have closed by a day, from the start of the plan on.
Private Function ClosedBy(ByVal day As Double, ByVal plan As Variant) As Double
    Dim at As Long, first As Double, after As Double, planned As Variant, closed As Double
    planned = plan(2)
    first = StartOf(plan(0))
    Do While first < day
        after = StartOf(plan(0) + at + 1)
        closed = closed + planned(at Mod (UBound(planned) + 1)) * _
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
