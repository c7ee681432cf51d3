Attribute VB_Name = "Smarketing"
Option Explicit
Option Private Module

' What formulas and buttons share: asking the Python server of xlwings, turning what it answers
' into cells, and saying in plain words when Python is not there.

Private Const ANSWERED As Long = 1
Private Const ENDED As Long = 2

Private server As Object ' of xlwings, kept: finding it costs a dozen look-ups of settings
Private failures As Long
Private retryAt As Date
Private lastTrouble As String

#If Mac Then
#ElseIf VBA7 Then
    Private Declare PtrSafe Function CoRegisterMessageFilter Lib "ole32.dll" ( _
        ByVal filter As LongPtr, ByRef before As LongPtr) As Long
#End If

' --- formulas --------------------------------------------------------------------------------

' The answer of a formula: values, ranges of values, and real Excel errors; never a traceback.
' Where there is no Python (macOS, a colleague's computer) the formulas that the module Native knows
' are answered there, the others show #N/A.
Public Function Ask(ByVal formula As String, ByVal given As Variant) As Variant
    Dim at As Long, found As Variant
    For at = LBound(given) To UBound(given)
        given(at) = Contents(given(at))
    Next at
    #If Mac Then
        Ask = AnswerNatively(formula, given)
    #Else
        If PythonIsAway() Then
            Ask = AnswerNatively(formula, given)
        ElseIf AskedServer(formula, WithContext(given), found) Then
            Ask = Shown(found)
        Else
            Ask = AnswerNatively(formula, given)
        End If
    #End If
End Function

#If Mac Then
#Else
' Whether the server answered; one that has ended meanwhile is started again, once.
Private Function AskedServer(ByVal formula As String, ByVal given As Variant, _
        ByRef found As Variant) As Boolean
    Dim outcome As Long
    outcome = Tried(formula, given, found)
    If outcome = ENDED Then outcome = Tried(formula, given, found)
    AskedServer = (outcome = ANSWERED)
    If AskedServer Then
        Reached
    Else
        NotReached
    End If
End Function

' One try. An error inside a function is an answer too: #VALUE!.
Private Function Tried(ByVal formula As String, ByVal given As Variant, _
        ByRef found As Variant) As Long
    On Error GoTo Failed
    If server Is Nothing Then
        If Not PythonIsSetUp() Then Err.Raise vbObjectError, Description:=NO_PYTHON
        Set server = XLPy()
    End If
    found = server.CallUDF("udfs.excel", formula, given)
    Tried = ANSWERED
    Exit Function
Failed:
    lastTrouble = Err.Description
    If server Is Nothing Then Exit Function
    If IsLost(Err.Number) Then
        Set server = Nothing
        Tried = ENDED
    Else
        found = CVErr(VALUE)
        Tried = ANSWERED
    End If
End Function

' Whether an error says that the server is there no more, not that it could not answer.
Private Function IsLost(ByVal number As Long) As Boolean
    Select Case number
        Case 462, &H800706BA, &H800706BE, &H80010108, &H80010007, &H80010012: IsLost = True
    End Select
End Function

Private Sub Reached()
    failures = 0
    retryAt = 0
End Sub

' Formulas try again after 1, 5 and then every 30 minutes: each try may freeze Excel for two. A
' button tries at once. It is said the first time.
Private Sub NotReached()
    Dim minutes As Long
    failures = failures + 1
    minutes = 30
    If failures = 1 Then minutes = 1
    If failures = 2 Then minutes = 5
    retryAt = Now + minutes / 1440#
    If failures = 1 Then Application.StatusBar = NO_PYTHON
End Sub
#End If

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
        ExecuteMac command, Setting("INTERPRETER_MAC"), SearchPath()
    #Else
        Dim waiting As Variant
        On Error GoTo Failed
        Application.EnableCancelKey = 0 ' Escape stops the work in Python, not this macro
        If Not StillThere() Then Set server = XLPy()
        waiting = WithoutWaitingBox()
        server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", ThisWorkbook
        server.Exec command
        Reached
        WithWaitingBox waiting
        Application.OnTime Now + TimeSerial(0, 0, 30), "'" & ThisWorkbook.Name & "'!GiveBackStatusBar"
        Exit Sub
Failed:
        lastTrouble = Err.Description
        WithWaitingBox waiting
        If server Is Nothing Then
            MsgBox NO_PYTHON & vbNewLine & vbNewLine & lastTrouble, vbExclamation, MESSAGE_TITLE
        Else
            If IsLost(Err.Number) Then Set server = Nothing
            MsgBox lastTrouble, vbExclamation, MESSAGE_TITLE
        End If
    #End If
End Sub

' What a button said stands in the status bar for half a minute; then Excel has it back.
Public Sub GiveBackStatusBar()
    Application.StatusBar = False
End Sub

#If Mac Then
' What xlwings' Python reads on a Mac before anything else: six places, then where to import from.
Private Function SearchPath() As String
    SearchPath = Join(Array("false", HereOnMac(), HereOnMac(), Setting("ONEDRIVE_CONSUMER_MAC"), _
        Setting("ONEDRIVE_COMMERCIAL_MAC"), Setting("SHAREPOINT_MAC"), Setting("PYTHONPATH")), ";")
End Function

Private Function HereOnMac() As String
    HereOnMac = ThisWorkbook.FullName
    If InStr(HereOnMac, "://") = 0 Then HereOnMac = ToPosixPath(HereOnMac)
End Function

Private Function Setting(ByVal key As String) As String
    Setting = GetConfig(key, "")
End Function
#Else
' Whether the server kept still runs.
Private Function StillThere() As Boolean
    Dim found As Object
    If server Is Nothing Then Exit Function
    On Error GoTo Gone
    Set found = server.Module("udfs.macros")
    StillThere = True
    Exit Function
Gone:
    Set server = Nothing
End Function

' Excel's box "waiting for another application to complete an OLE action" stays away meanwhile.
Private Function WithoutWaitingBox() As Variant
    WithoutWaitingBox = 0
    #If VBA7 Then
        Dim before As LongPtr
        On Error Resume Next
        CoRegisterMessageFilter 0, before
        WithoutWaitingBox = before
    #End If
End Function

Private Sub WithWaitingBox(ByVal before As Variant)
    #If VBA7 Then
        Dim ours As LongPtr
        On Error Resume Next
        If before <> 0 Then CoRegisterMessageFilter before, ours
    #End If
End Sub
#End If

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
    FollowTheDay
    ThisWorkbook.Saved = saved
    If Not PythonIsSetUp() Then Application.StatusBar = NO_PYTHON
End Sub

' Formulas that take the day for granted are computed anew: their values are of the day when the
' workbook was saved.
Private Sub FollowTheDay()
    Dim sheet As Object, name As Variant
    On Error Resume Next
    For Each sheet In ThisWorkbook.Worksheets
        For Each name In Array("SLA_STATUS(", "PERSONA_SCORE(")
            MakeDirty sheet.UsedRange, name
        Next name
    Next sheet
End Sub

Private Sub MakeDirty(ByVal cells As Object, ByVal name As String)
    Dim found As Object, first As String, turn As Long
    Set found = cells.Find(name, LookIn:=-4123, LookAt:=2) ' formulas; a part of them
    If found Is Nothing Then Exit Sub
    first = found.Address
    For turn = 1 To 100000
        found.Dirty
        Set found = cells.FindNext(found)
        If found Is Nothing Then Exit Sub
        If found.Address = first Then Exit Sub
    Next turn
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
