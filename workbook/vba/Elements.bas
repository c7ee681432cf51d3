Attribute VB_Name = "Elements"
Option Explicit
Option Private Module

' Cells as numbers, blanks and errors; ranges lined up; the mathematics that VBA lacks.

' Excel errors, as CVErr takes them.
Public Const DIV0 As Long = 2007
Public Const VALUE As Long = 2015
Public Const NUM As Long = 2036
Public Const NA As Long = 2042

Public Const ANY_SIZE As Double = 1.79 * 10 ^ 308
Public Const NOISE As Double = 0.000000000001

' --- numbers ---------------------------------------------------------------------------------

' A cell as a number, or the Excel error it answers: text #VALUE!, outside of low to high #NUM!, a
' divisor of zero #DIV/0!. A blank counts as zero.
Public Function Judged(ByVal cell As Variant, ByVal low As Double, ByVal high As Double, _
        ByVal divisor As Boolean) As Variant
    If IsError(cell) Then
        Judged = Passed(cell)
    ElseIf IsBlank(cell) Then
        Judged = 0#
    ElseIf VarType(cell) = vbBoolean Then
        Judged = IIf(cell, 1#, 0#)
    ElseIf VarType(cell) = vbString Or Not IsNumeric(cell) Then
        Judged = CVErr(VALUE)
    Else
        Judged = CDbl(cell)
    End If
    If IsError(Judged) Then Exit Function
    If Judged < low Or Judged > high Then
        Judged = CVErr(NUM)
    ElseIf divisor And Judged = 0 Then
        Judged = CVErr(DIV0)
    End If
End Function

' An error of a cell as our formulas answer it: what they never answer themselves is #VALUE!.
Public Function Passed(ByVal cell As Variant) As Variant
    Select Case CLng(cell)
        Case DIV0, NUM, NA: Passed = cell
        Case Else: Passed = CVErr(VALUE)
    End Select
End Function

Public Function AtMost(ByVal part As Variant, ByVal total As Variant) As Variant
    AtMost = part
    If IsError(part) Or IsError(total) Then Exit Function
    If part > total Then AtMost = CVErr(NUM)
End Function

' The first error in a list; zero where there is none.
Public Function FirstError(ByVal values As Variant) As Variant
    Dim at As Long
    FirstError = 0
    For at = LBound(values) To UBound(values)
        If IsError(values(at)) Then
            FirstError = values(at)
            Exit Function
        End If
    Next at
End Function

' TRUE, FALSE or left out; a text is no answer.
Public Function Flag(ByVal cell As Variant) As Variant
    If IsError(cell) Then
        Flag = Passed(cell)
    ElseIf IsBlank(cell) Then
        Flag = True
    ElseIf IsArray(cell) Or VarType(cell) = vbString Then
        Flag = CVErr(VALUE)
    Else
        Flag = CBool(cell)
    End If
End Function

Public Function WholeIf(ByVal number As Double, ByVal whole As Variant) As Double
    If Flag(whole) Then
        WholeIf = WholeUp(number)
    Else
        WholeIf = number
    End If
End Function

' Rounded up, unless a whole number was missed only by the noise of floating-point arithmetic.
Public Function WholeUp(ByVal number As Double) As Double
    Dim nearest As Double
    nearest = Int(number + 0.5)
    If Abs(number - nearest) <= NOISE * Abs(number) Then
        WholeUp = nearest
    Else
        WholeUp = -Int(-number)
    End If
End Function

Public Function IsBlank(ByVal cell As Variant) As Boolean
    If IsError(cell) Or IsArray(cell) Then Exit Function
    If IsEmpty(cell) Then
        IsBlank = True
    ElseIf VarType(cell) = vbString Then
        IsBlank = (cell = "")
    End If
End Function

' Logarithm of the gamma function (Lanczos, g = 7, nine terms).
Public Function LogGamma(ByVal x As Double) As Double
    Dim terms As Variant, at As Long, series As Double, shifted As Double
    terms = Array(0.999999999999809932, 676.520368121885099, -1259.13921672240281, _
        771.323428777653133, -176.615029162140587, 12.5073432786869052, -0.138571095265720118, _
        0.0000099843695780195716, 0.000000150563273514931156)
    x = x - 1
    series = terms(0)
    For at = 1 To 8
        series = series + terms(at) / (x + at)
    Next at
    shifted = x + 7.5
    LogGamma = 0.918938533204672742 + (x + 0.5) * Log(shifted) - shifted + Log(series)
End Function

' The value that a standard normal variable stays below with probability p (0.5 to 0.9999...):
' Newton's steps on the distribution function.
Public Function NormalQuantile(ByVal p As Double) As Double
    Dim z As Double, stride As Double, steps As Long
    stride = 1
    Do While Abs(stride) > 0.00000000000001 And steps < 50
        stride = (NormalProbability(z) - p) / NormalDensity(z)
        z = z - stride
        steps = steps + 1
    Loop
    NormalQuantile = z
End Function

Public Function NormalProbability(ByVal z As Double) As Double
    Dim term As Double, sum As Double, odd As Long
    term = z
    odd = 1
    Do While Abs(term) > 0.000000000000000001
        sum = sum + term
        odd = odd + 2
        term = term * z * z / odd
    Loop
    NormalProbability = 0.5 + NormalDensity(z) * sum
End Function

Public Function NormalDensity(ByVal z As Double) As Double
    NormalDensity = 0.398942280401432678 * Exp(-z * z / 2)
End Function

' --- ranges ----------------------------------------------------------------------------------

' One cell of each argument.
Public Function CellsAt(ByRef given As Variant, ByVal row As Long, ByVal column As Long) As Variant
    Dim picked() As Variant, at As Long
    ReDim picked(0 To UBound(given) - LBound(given))
    For at = 0 To UBound(picked)
        picked(at) = Element(given(LBound(given) + at), row, column)
    Next at
    CellsAt = picked
End Function

' A cell of a range counted from 0; a single row, column or cell repeats.
Public Function Element(ByRef given As Variant, ByVal row As Long, ByVal column As Long) As Variant
    If Not IsArray(given) Then
        Element = given
        Exit Function
    End If
    If RowsOf(given) = 1 Then row = 0
    If ColumnsOf(given) = 1 Then column = 0
    If row >= RowsOf(given) Or column >= ColumnsOf(given) Then
        Element = CVErr(NA)
    ElseIf Dimensions(given) = 1 Then
        Element = given(LBound(given) + column)
    Else
        Element = given(LBound(given, 1) + row, LBound(given, 2) + column)
    End If
End Function

' A cell of a single row or column.
Public Function Along(ByRef given As Variant, ByVal at As Long) As Variant
    If RowsOf(given) > 1 Then
        Along = Element(given, at, 0)
    Else
        Along = Element(given, 0, at)
    End If
End Function

' #VALUE! where a range is neither a single row nor a single column; else zero.
Public Function WrongShape(ByRef given As Variant) As Variant
    WrongShape = 0
    If RowsOf(given) > 1 And ColumnsOf(given) > 1 Then WrongShape = CVErr(VALUE)
End Function

' How many cells a single row or column has up to its last filled one.
Public Function FilledLength(ByRef given As Variant) As Long
    FilledLength = RowsOf(given) * ColumnsOf(given)
    Do While FilledLength > 0
        If Not IsBlank(Along(given, FilledLength - 1)) Then Exit Do
        FilledLength = FilledLength - 1
    Loop
End Function

Public Function RowsOf(ByRef given As Variant) As Long
    RowsOf = 1
    If Not IsArray(given) Then Exit Function
    If Dimensions(given) = 2 Then RowsOf = UBound(given, 1) - LBound(given, 1) + 1
End Function

Public Function ColumnsOf(ByRef given As Variant) As Long
    ColumnsOf = 1
    If Not IsArray(given) Then Exit Function
    If Dimensions(given) = 2 Then
        ColumnsOf = UBound(given, 2) - LBound(given, 2) + 1
    Else
        ColumnsOf = UBound(given) - LBound(given) + 1
    End If
End Function

Public Function Tallest(ByRef given As Variant) As Long
    Dim at As Long
    Tallest = 1
    For at = LBound(given) To UBound(given)
        If RowsOf(given(at)) > Tallest Then Tallest = RowsOf(given(at))
    Next at
End Function

Public Function Widest(ByRef given As Variant) As Long
    Dim at As Long
    Widest = 1
    For at = LBound(given) To UBound(given)
        If ColumnsOf(given(at)) > Widest Then Widest = ColumnsOf(given(at))
    Next at
End Function

' How many dimensions an array has.
Public Function Dimensions(ByRef given As Variant) As Long
    Dim counted As Long
    Dim upper As Long
    On Error GoTo Done
    Do
        upper = UBound(given, counted + 1)
        counted = counted + 1
    Loop
Done:
    Dimensions = counted
End Function
