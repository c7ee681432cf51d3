"""The extension as LibreOffice loads it: formulas, buttons, and an eye on documents.

It runs in LibreOffice's own Python. Where that is of the same version as the Python that
Smarketing XL was installed in, the work is done here; `where.json`, written when the extension was
installed, says where that is.
"""

import json
import sys
import traceback
from pathlib import Path

import uno
import unohelper
from com.sun.star.frame import XDispatchProvider, XNotifyingDispatch
from com.sun.star.lang import XInitialization, XServiceInfo, XServiceName
from com.sun.star.task import XJob
from org.smarketing import XFormulas

HERE = Path(__file__).parent
SERVICE = "org.smarketing.Formulas"
BUTTONS = "org.smarketing.Buttons"
EVENTS = "org.smarketing.Events"
PROTOCOL = "org.smarketing:"

FORMULAS = json.loads((HERE / "declared.json").read_text(encoding="utf-8"))


def inside():
    """The installed Smarketing XL; imported when it is first asked."""
    if _loaded:
        return _loaded[0]
    where = json.loads((HERE / "where.json").read_text(encoding="utf-8"))
    sys.path[:0] = [path for path in where["paths"] if path not in sys.path]
    from smarketing_xl.hosts.calc import inside as found

    _loaded.append(found)
    return found


_loaded = []


def language():
    return _languages[0]


_languages = []


def _ui_language(context):
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    node = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    node.Name, node.Value = "nodepath", "/org.openoffice.Setup/L10N"
    access = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", (node,)
    )
    return access.getByName("ooLocale") or "en"


class Service(unohelper.Base, XServiceInfo):
    name = ""

    def getImplementationName(self):
        return self.name + ".python"

    def supportsService(self, name):
        return name == self.name

    def getSupportedServiceNames(self):
        return (self.name,)


class Formulas(Service, XFormulas, XServiceName):
    """Every formula is a method of the interface; all of them go one way."""

    name = SERVICE

    def __init__(self, context):
        if not _languages:
            _languages.append(_ui_language(context))

    def getServiceName(self):
        return SERVICE


def _method(formula):
    def method(self, *cells):
        return inside().answer(formula, cells, language())

    return method


for _formula in FORMULAS:
    setattr(Formulas, _formula, _method(_formula))


class Buttons(Service, XDispatchProvider, XNotifyingDispatch, XInitialization):
    """Menu and toolbar: org.smarketing:score does what the button score does."""

    name = BUTTONS

    def __init__(self, context):
        self.context = context
        self.frame = None

    def initialize(self, arguments):
        if arguments:
            self.frame = arguments[0]

    def queryDispatch(self, url, target, flags):
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(r.FeatureURL, r.FrameName, r.SearchFlags) for r in requests)

    def dispatch(self, url, arguments):
        given = [it.Value for it in arguments if it.Name == "answer"]
        try:
            return inside().press(url.Path, self.frame.getController().getModel(), given)
        except Exception:
            said = traceback.format_exc(limit=-3)
            _show(self.frame, said)
            return said

    def dispatchWithNotification(self, url, arguments, listener):
        event = uno.createUnoStruct("com.sun.star.frame.DispatchResultEvent")
        event.Source, event.State, event.Result = self, 1, self.dispatch(url, arguments)
        if listener is not None:
            listener.dispatchFinished(event)

    def addStatusListener(self, listener, url):
        pass

    def removeStatusListener(self, listener, url):
        pass


def _show(frame, text):
    window = frame.getContainerWindow()
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX")
    window.getToolkit().createMessageBox(window, kind, 1, "Smarketing", text).execute()


class Events(Service, XJob):
    """Documents opened and saved."""

    name = EVENTS

    def __init__(self, context):
        pass

    def execute(self, arguments):
        from smarketing_calc import documents

        told = {}
        for argument in arguments:
            if argument.Name == "Environment":
                told = {it.Name: it.Value for it in argument.Value}
        document = told.get("Model")
        if document is not None:
            documents.happened(told.get("EventName"), document, inside, FORMULAS)


g_ImplementationHelper = unohelper.ImplementationHelper()
for _service in (Formulas, Buttons, Events):
    g_ImplementationHelper.addImplementation(_service, _service.name + ".python", (_service.name,))
