Attribute VB_Name = "OfficeTime"
Option Explicit
Option Private Module

' The formulas of step 3 in VBA itself, by the rules of smarketing_xl/sla/calendar.py: time runs only
' while the office is open. Public holidays are a table that only Python has: with them it is #N/A.

Private Const DAY_SECONDS As Double = 86400#
Private Const HOUR_SECONDS As Double = 3600#
Private Const FIRST_MONDAY As Double = 2 ' 1 January 1900
Private Const LAST_SERIAL As Double = 2958465.99999999
Private Const SOON As Double = 2 ' office hours before the moment due
Private Const MOST_HOURS As Double = 1000000#

' The answer of a formula in office time: its first arguments by element, in the office that the
' others describe.
Public Function InOfficeTime(ByVal formula As String, ByVal given As Variant) As Variant
    Dim asked As Long, at As Long, office As Variant, lined() As Variant
    Select Case formula
        Case "SLA_STATUS": asked = 4
        Case "SLA_PACE": asked = 3
        Case Else: asked = 2
    End Select
    If asked > 2 And IsBlank(given(asked - 1)) Then given(asked - 1) = CDbl(Now)
    office = OfficeOf(given, asked)
    If IsError(office) Then
        InOfficeTime = office
        Exit Function
    End If
    ReDim lined(0 To asked - 1)
    For at = 0 To asked - 1
        lined(at) = given(at)
    Next at
    InOfficeTime = ElementByElement(formula, lined, office)
End Function

Public Function BusinessHours(ByVal v As Variant, ByVal office As Variant) As Variant
    Dim started As Variant, ended As Variant
    started = SecondsOf(v(0))
    ended = SecondsOf(v(1))
    BusinessHours = FirstError(Array(started, ended))
    If IsError(BusinessHours) Then Exit Function
    BusinessHours = (Worked(ended, office) - Worked(started, office)) / HOUR_SECONDS
End Function

Public Function FollowUpDue(ByVal v As Variant, ByVal office As Variant) As Variant
    Dim created As Variant, hours As Variant
    created = SecondsOf(v(0))
    hours = Judged(v(1), 0, MOST_HOURS, False)
    FollowUpDue = FirstError(Array(created, hours))
    If IsError(FollowUpDue) Then Exit Function
    If IsBlank(v(1)) Then
        FollowUpDue = ""
        Exit Function
    End If
    FollowUpDue = DueAfter(created, hours, office) / DAY_SECONDS
    If FollowUpDue > LAST_SERIAL Then FollowUpDue = CVErr(NUM)
End Function

' A contact in the future has not happened.
Public Function SlaStatus(ByVal v As Variant, ByVal office As Variant) As Variant
    Dim created As Variant, contacted As Variant, hours As Variant, moment As Variant
    Dim due As Double
    created = SecondsOf(v(0))
    contacted = Empty
    If Not IsBlank(v(1)) Then contacted = SecondsOf(v(1))
    hours = Judged(v(2), 0, MOST_HOURS, False)
    moment = SecondsOf(v(3))
    SlaStatus = FirstError(Array(created, contacted, hours, moment))
    If IsError(SlaStatus) Then Exit Function
    If IsBlank(v(2)) Then
        SlaStatus = ""
        Exit Function
    End If
    due = DueAfter(created, hours, office)
    If Not IsEmpty(contacted) Then
        If contacted > moment Then contacted = Empty
    End If
    If Not IsEmpty(contacted) Then
        SlaStatus = IIf(contacted <= due, STATUS_IN_TIME, STATUS_CONTACTED_LATE)
    ElseIf due < moment Then
        SlaStatus = STATUS_LATE
    ElseIf Worked(due, office) - Worked(moment, office) <= SOON * HOUR_SECONDS Then
        SlaStatus = STATUS_DUE_SOON
    Else
        SlaStatus = STATUS_DUE
    End If
End Function

Public Function SlaPace(ByVal v As Variant, ByVal office As Variant) As Variant
    Dim delivered As Variant, promised As Variant, asOf As Variant, elapsed As Double
    asOf = SecondsOf(v(2))
    delivered = Judged(v(0), 0, ANY_SIZE, False)
    promised = Judged(v(1), 0, ANY_SIZE, True)
    SlaPace = FirstError(Array(asOf, delivered, promised))
    If IsError(SlaPace) Then Exit Function
    elapsed = ShareOfMonth(asOf, office)
    If elapsed = 0 Then
        SlaPace = CVErr(DIV0)
    Else
        SlaPace = delivered / (promised * elapsed)
    End If
End Function

' --- the office ------------------------------------------------------------------------------

' The office that four arguments describe: when it opens and how long it is open, in seconds of the
' day, and its week as marks such as 1111100; or the error that they answer.
Private Function OfficeOf(ByRef given As Variant, ByVal at As Long) As Variant
    Dim opens As Variant, closes As Variant, days As Variant, holidays As Variant, opening As Double
    days = SingleText(given(at + 2))
    holidays = SingleText(given(at + 3))
    opens = SingleNumber(given(at), 9)
    closes = SingleNumber(given(at + 1), 18)
    OfficeOf = FirstError(Array(days, holidays, opens, closes))
    If IsError(OfficeOf) Then Exit Function
    days = WeekOf(days)
    If closes = 1 Then
        closes = IIf(opens < 1, 24, 1)
    Else
        closes = ClockHour(closes)
    End If
    opens = ClockHour(opens)
    If days = "" Or opens < 0 Or opens > 24 Or closes < 0 Or closes > 24 Or opens = closes Then
        OfficeOf = CVErr(VALUE)
    ElseIf holidays <> "" Then
        OfficeOf = CVErr(NA)
    Else
        If closes < opens Then closes = closes + 24 ' through the night
        opening = Int(opens * HOUR_SECONDS + 0.5)
        OfficeOf = Array(opening, Int(closes * HOUR_SECONDS + 0.5) - opening, days)
    End If
End Function

' An hour of the day: a part of a day is a clock time, as a cell that shows 09:00 holds it.
Private Function ClockHour(ByVal typed As Variant) As Variant
    ClockHour = typed
    If typed > 0 And typed < 1 Then ClockHour = typed * 24
End Function

' Days such as 1-5 or 1,2,3,4,6 as seven marks from Monday on; blank where they are none.
Private Function WeekOf(ByVal text As String) As String
    Dim marks As String, part As String, at As Long, first As Long, last As Long
    text = Replace(Replace(text, ";", ","), " ", "") & ","
    marks = "0000000"
    Do While text <> ""
        at = InStr(text, ",")
        part = Left(text, at - 1)
        text = Mid(text, at + 1)
        If part <> "" Then
            first = InStr("1234567", Left(part, 1))
            last = InStr("1234567", Right(part, 1))
            If first = 0 Or last < first Then Exit Function
            If Len(part) <> 1 And (Len(part) <> 3 Or Mid(part, 2, 1) <> "-") Then Exit Function
            For at = first To last
                marks = Left(marks, at - 1) & "1" & Mid(marks, at + 1)
            Next at
        End If
    Loop
    If marks = "0000000" Then marks = "1111100"
    WeekOf = marks
End Function

Private Function WorkedIn(ByVal marks As String) As Double
    WorkedIn = Len(Replace(marks, "0", ""))
End Function

' Office seconds from the first Monday of 1900 to a moment.
Private Function Worked(ByVal seconds As Double, ByVal office As Variant) As Double
    Dim day As Double, weeks As Double, past As Double, today As Double
    seconds = seconds - office(0) ' a shift belongs to the day on which it begins
    day = Int(seconds / DAY_SECONDS)
    weeks = Int((day - FIRST_MONDAY) / 7)
    past = day - FIRST_MONDAY - 7 * weeks
    If Mid(office(2), past + 1, 1) = "1" Then
        today = seconds - day * DAY_SECONDS
        If today > office(1) Then today = office(1)
    End If
    Worked = (weeks * WorkedIn(office(2)) + WorkedIn(Left(office(2), past))) * office(1) + today
End Function

' When so many office hours have passed: a whole day's work ends when the office closes, no hours at
' night end when it next opens.
Private Function DueAfter(ByVal seconds As Double, ByVal hours As Double, _
        ByVal office As Variant) As Double
    Dim wait As Double, target As Double, day As Double, weeks As Double
    Dim remaining As Double, at As Long, due As Double
    wait = Int(hours * HOUR_SECONDS + 0.5)
    target = Worked(seconds, office) + IIf(wait > 1, wait, 1)
    day = Int((target - 1) / office(1))
    weeks = Int(day / WorkedIn(office(2)))
    remaining = day - weeks * WorkedIn(office(2))
    Do While remaining >= 0
        at = at + 1
        If Mid(office(2), at, 1) = "1" Then remaining = remaining - 1
    Loop
    due = (FIRST_MONDAY + weeks * 7 + at - 1) * DAY_SECONDS + office(0) + target - day * office(1)
    If wait = 0 Then due = due - 1
    DueAfter = due
End Function

' How much of the working time of its month has passed at a moment.
Private Function ShareOfMonth(ByVal seconds As Double, ByVal office As Variant) As Double
    Dim day As Double, first As Double, after As Double
    day = Int(seconds / DAY_SECONDS)
    first = Worked(CDbl(DateSerial(Year(day), Month(day), 1)) * DAY_SECONDS, office)
    after = Worked(CDbl(DateSerial(Year(day), Month(day) + 1, 1)) * DAY_SECONDS, office)
    ShareOfMonth = (Worked(seconds, office) - first) / (after - first)
End Function

' --- single values ---------------------------------------------------------------------------

' A date as whole seconds since the day 0 of the spreadsheet, or the error it answers.
Public Function SecondsOf(ByVal cell As Variant) As Variant
    If IsError(cell) Then
        SecondsOf = Passed(cell)
    ElseIf IsBlank(cell) Then
        SecondsOf = CVErr(NA)
    ElseIf VarType(cell) = vbString Or VarType(cell) = vbBoolean Then
        SecondsOf = CVErr(VALUE)
    ElseIf CDbl(cell) < 0 Or CDbl(cell) > LAST_SERIAL Then
        SecondsOf = CVErr(NUM)
    Else
        SecondsOf = Int(CDbl(cell) * DAY_SECONDS + 0.5)
    End If
End Function

' One number; a blank counts as what stands for it.
Private Function SingleNumber(ByVal cell As Variant, ByVal blank As Variant) As Variant
    If IsArray(cell) Then
        SingleNumber = CVErr(VALUE)
    ElseIf IsBlank(cell) Then
        SingleNumber = blank
    Else
        SingleNumber = Judged(cell, -ANY_SIZE, ANY_SIZE, False)
    End If
End Function

Private Function SingleText(ByVal cell As Variant) As Variant
    If IsArray(cell) Then
        SingleText = CVErr(VALUE)
    ElseIf IsError(cell) Then
        SingleText = Passed(cell)
    ElseIf IsBlank(cell) Then
        SingleText = ""
    ElseIf VarType(cell) = vbString Then
        SingleText = cell
    ElseIf cell <> Int(cell) Then
        SingleText = "?"
    Else
        SingleText = CStr(cell)
    End If
End Function
