' Keeps LibreOffice from asking our Python where it would die of it.
'
' A distribution's LibreOffice takes the first python3 on PATH for its own. Started from a virtual
' environment or conda it finds there no module "uno", and whatever of an extension in Python it
' asks for ends it (std::bad_alloc in pyuno). Basic needs no Python: before the first document it
' takes our parts out of such a LibreOffice, which then does without us and says so.

Sub Started
	If Not IsForeign() Then Exit Sub
	On Error Resume Next
	For Each part In Array("Events", "Buttons", "Formulas")
		GetProcessServiceManager().remove("org.smarketing." & part & ".python")
	Next
	hears = CreateUnoListener("Hears_", "com.sun.star.document.XDocumentEventListener")
	Singleton("com.sun.star.frame.theGlobalEventBroadcaster").addDocumentEventListener(hears)
End Sub

Sub Hears_documentEventOccured(happened)
	' Says above the sheet why the buttons of our workbook are grey.
	On Error Resume Next
	If happened.EventName <> "OnViewCreated" Then Exit Sub
	workbook = happened.Source
	If Not workbook.supportsService("com.sun.star.sheet.SpreadsheetDocument") Then Exit Sub
	If Not workbook.DatabaseRanges.hasByName("Personas") Then Exit Sub
	said = "{en}"
	If Left(Language(), 2) = "es" Then said = "{es}"
	happened.ViewController.appendInfobar("smarketing", "Smarketing", said, 2, Array(), True)
End Sub

Sub Hears_disposing(gone)
End Sub

Function Singleton(name As String)
	Singleton = GetDefaultContext().getValueByName("/singletons/" & name)
End Function

Function IsForeign() As Boolean
	If GetGUIType() = 1 Or OwnPython() Then Exit Function
	If Environ("PYTHONHOME") <> "" Then
		IsForeign = True
		Exit Function
	End If
	For Each folder In Split(Environ("PATH"), ":")
		If folder <> "" Then
			If FileExists(folder & "/python3") Then
				IsForeign = HasLibrary(folder)
				Exit Function
			End If
		End If
	Next
End Function

Function OwnPython() As Boolean
	' Whether this LibreOffice brings its Python along: those of libreoffice.org do.
	expander = Singleton("com.sun.star.util.theMacroExpander")
	named = "${$BRAND_BASE_DIR/program/pythonloader.unorc:PYUNO_LOADER_PYTHONHOME}"
	framework = expander.expandMacros("$BRAND_BASE_DIR") & "/Frameworks/LibreOfficePython.framework"
	OwnPython = expander.expandMacros(named) <> "" Or FileExists(framework)
End Function

Function HasLibrary(folder As String) As Boolean
	' Whether the Python of a folder brings a library of its own, or is a virtual environment.
	If folder = "/usr/bin" Or folder = "/bin" Then Exit Function
	above = folder & "/.."
	HasLibrary = FileExists(folder & "/pyvenv.cfg") Or FileExists(above & "/pyvenv.cfg")
	For minor = 6 To 30
		If FileExists(above & "/lib/python3." & minor & "/os.py") Then HasLibrary = True
	Next
End Function

Function Language() As String
	node = CreateUnoStruct("com.sun.star.beans.PropertyValue")
	node.Name = "nodepath"
	node.Value = "/org.openoffice.Setup/L10N"
	settings = CreateUnoService("com.sun.star.configuration.ConfigurationProvider")
	reader = "com.sun.star.configuration.ConfigurationAccess"
	Language = settings.createInstanceWithArguments(reader, Array(node)).getByName("ooLocale")
End Function
