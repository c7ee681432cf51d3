Attribute VB_Name = "Smarketing"
Option Explicit
Option Private Module

' What formulas and buttons share: asking the Python server of xlwings, turning what it answers
' into cells, and saying in plain words when Python is not there.

Private Const RETRY_SECONDS As Long = 60

Private retryAt As Date
Private lastTrouble As String

' --- formulas --------------------------------------------------------------------------------

' The answer of a formula: values, ranges of values, and real Excel errors; never a traceback.
' Where there is no Python (macOS, a colleague's computer) the formulas that the module Native knows are
' answered there, the others show #N/A.
Public Function Ask(ByVal formula As String, ByVal given As Variant) As Variant
    Dim at As Long
    For at = LBound(given) To UBound(given)
        given(at) = Contents(given(at))
    Next at
    #If Mac Then
        Ask = AnswerNatively(formula, given)
    #Else
        If Now < retryAt Then
            Ask = AnswerNatively(formula, given)
            Exit Function
        End If
        On Error GoTo NoPython
        Ask = Shown(XLPy.CallUDF("udfs.excel", formula, WithContext(given)))
        Exit Function
NoPython:
        lastTrouble = Err.Description
        On Error GoTo 0
        retryAt = Now + RETRY_SECONDS / 86400#
        Ask = AnswerNatively(formula, given)
    #End If
End Function

' As Ask, where a single cell answers a date: Excel then shows it as one.
Public Function AskTime(ByVal formula As String, ByVal given As Variant) As Variant
    Dim found As Variant
    found = Ask(formula, given)
    If VarType(found) = vbDouble Then
        AskTime = CDate(found)
    Else
        AskTime = found
    End If
End Function

' The values of a range, or a value as it is. Value2 hands dates over as plain numbers.
Private Function Contents(ByVal given As Variant) As Variant
    If IsObject(given) Then
        Contents = given.Value2
    Else
        Contents = given
    End If
End Function

' The arguments, and after them where the formula stands and in which language to explain.
Private Function WithContext(ByVal given As Variant) As Variant
    Dim all() As Variant
    Dim at As Long
    Dim count As Long
    count = UBound(given) - LBound(given) + 1
    ReDim all(0 To count + 1)
    For at = 0 To count - 1
        all(at) = given(LBound(given) + at)
    Next at
    all(count) = Place()
    all(count + 1) = SHOWN_LANGUAGE
    WithContext = all
End Function

' Where the formula being computed stands: '[Book.xlsm]Sheet'!$A$1; blank when called from VBA.
Private Function Place() As String
    On Error Resume Next
    Place = Application.Caller.Address(True, True, 1, True)
End Function

' An answer with its error texts turned into Excel errors, element by element.
Public Function Shown(ByVal found As Variant) As Variant
    Dim row As Long
    Dim column As Long
    If Not IsArray(found) Then
        Shown = ShownCell(found)
        Exit Function
    End If
    If Dimensions(found) = 1 Then
        For row = LBound(found) To UBound(found)
            If VarType(found(row)) = vbString Then found(row) = ShownCell(found(row))
        Next row
    Else
        For row = LBound(found, 1) To UBound(found, 1)
            For column = LBound(found, 2) To UBound(found, 2)
                If VarType(found(row, column)) = vbString Then
                    found(row, column) = ShownCell(found(row, column))
                End If
            Next column
        Next row
    End If
    Shown = found
End Function

Private Function ShownCell(ByVal cell As Variant) As Variant
    ShownCell = cell
    If VarType(cell) <> vbString Then Exit Function
    Select Case cell
        Case "#DIV/0!": ShownCell = CVErr(DIV0)
        Case "#VALUE!": ShownCell = CVErr(VALUE)
        Case "#NUM!": ShownCell = CVErr(NUM)
        Case "#N/A": ShownCell = CVErr(NA)
    End Select
End Function

' --- buttons ---------------------------------------------------------------------------------

' Runs a button of udfs/macros.py on the server that formulas use: no new process for a click.
Public Sub Click(ByVal button As String, Optional ByVal arguments As String = "")
    Dim command As String
    command = "import udfs.macros; udfs.macros." & button & "(" & arguments & ")"
    #If Mac Then
        RunPython command
    #Else
        On Error GoTo NoPython
        Application.EnableCancelKey = 0 ' Escape stops the work in Python, not this macro
        XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", ThisWorkbook
        XLPy.Exec command
        retryAt = 0
        Exit Sub
NoPython:
        MsgBox NO_PYTHON & vbNewLine & vbNewLine & Err.Description, vbExclamation, MESSAGE_TITLE
    #End If
End Sub

' Asks for a file to import, then runs the button with it.
Public Sub ClickWithFile(ByVal button As String)
    Dim path As Variant
    #If Mac Then
        path = Application.GetOpenFilename()
    #Else
        path = Application.GetOpenFilename(OPEN_FILTER, 1, OPEN_TITLE)
    #End If
    If VarType(path) = vbString Then Click button, Quoted(path)
End Sub

' Asks where to save a file of the suggested kind, then runs the button with it.
Public Sub ClickToSave(ByVal button As String, ByVal suggested As String)
    Dim path As Variant
    #If Mac Then
        path = Application.GetSaveAsFilename(suggested)
    #Else
        Dim ending As String
        ending = Mid$(suggested, InStrRev(suggested, ".") + 1)
        path = Application.GetSaveAsFilename(suggested, UCase$(ending) & " (*." & ending & "),*." & _
            ending & "," & ALL_FILES & ",*.*", 1, SAVE_TITLE)
    #End If
    If VarType(path) = vbString Then Click button, Quoted(path)
End Sub

' Runs the button with the active cell: where it is and what it shows. A cell of a spilled answer
' stands for the cell that holds the formula.
Public Sub ClickWithCell(ByVal button As String)
    Dim cell As Object
    Set cell = Anchor(ActiveCell)
    If cell Is Nothing Then Exit Sub
    If PythonIsAway() And IsError(ActiveCell.Value) Then
        MsgBox NO_PYTHON & vbNewLine & vbNewLine & lastTrouble, vbExclamation, MESSAGE_TITLE
        Exit Sub
    End If
    Click button, Quoted(cell.Address(True, True, 1, True)) & ", " & Quoted(ActiveCell.Text)
End Sub

Private Function Anchor(ByVal cell As Object) As Object
    Set Anchor = cell
    On Error Resume Next ' Excel before 2021 knows no spilling
    If cell.HasSpill Then Set Anchor = cell.SpillParent
End Function

' Text as Python reads it, whatever letters a path holds: UTF-16 in hexadecimal.
Public Function Quoted(ByVal text As String) As String
    Dim at As Long
    Dim digits As String
    For at = 1 To Len(text)
        digits = digits & Right$("000" & Hex$(AscW(Mid$(text, at, 1)) And &HFFFF&), 4)
    Next at
    Quoted = "'" & digits & "'"
End Function

' --- opening ---------------------------------------------------------------------------------

' Called when the workbook opens: help for Insert Function, and a word where Python is not set up.
Public Sub Welcome()
    Dim saved As Boolean
    saved = ThisWorkbook.Saved
    DescribeFormulas
    ThisWorkbook.Saved = saved
    If Not PythonIsSetUp() Then Application.StatusBar = NO_PYTHON
End Sub

' Whether the interpreter that `smarketing connect` wrote down is there.
Public Function PythonIsSetUp() As Boolean
    Dim interpreter As String
    On Error GoTo NotSetUp
    #If Mac Then
        interpreter = GetConfig("INTERPRETER_MAC", "")
    #Else
        interpreter = GetConfig("INTERPRETER_WIN", "")
    #End If
    If InStr(interpreter, "\") + InStr(interpreter, "/") > 0 Then
        PythonIsSetUp = FileExists(interpreter)
    Else
        PythonIsSetUp = (interpreter <> "")
    End If
NotSetUp:
End Function

Private Function PythonIsAway() As Boolean
    PythonIsAway = (Now < retryAt)
End Function
