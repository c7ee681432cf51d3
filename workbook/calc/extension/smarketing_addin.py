"""The extension as LibreOffice loads it: formulas, buttons, and an eye on documents.

It runs in LibreOffice's own Python and hands the work to the installed Smarketing XL; where that is
stands in `where.json`, written when the extension was installed.
"""

import json
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path

import uno
import unohelper
from com.sun.star.awt import XCallback, XKeyHandler, XMouseClickHandler
from com.sun.star.frame import (
    XDispatchProvider,
    XDispatchProviderInterceptor,
    XInterceptorInfo,
    XNotifyingDispatch,
)
from com.sun.star.lang import XInitialization, XServiceInfo, XServiceName
from com.sun.star.task import XJob
from com.sun.star.util import CloseVetoException, XCloseListener
from org.smarketing import XFormulas

HERE = Path(__file__).parent
SERVICE = "org.smarketing.Formulas"
BUTTONS = "org.smarketing.Buttons"
EVENTS = "org.smarketing.Events"
PROTOCOL = "org.smarketing:"

FORMULAS = json.loads((HERE / "declared.json").read_text(encoding="utf-8"))


def inside():
    """Smarketing XL: in this Python where that is of its version, else in a process of its own."""
    if not _loaded:
        where = json.loads((HERE / "where.json").read_text(encoding="utf-8"))
        same = tuple(where["version"]) == sys.version_info[:2]
        _loaded.append(_imported(where["paths"]) if same else _started(where))
    return _loaded[0]


def _imported(paths):
    sys.path[:0] = [path for path in paths if path not in sys.path]
    from udfs import calc as found

    return found


def _started(where):
    from smarketing_calc.outside import Outside

    return Outside(where)


_loaded = []


def language():
    return _languages[0]


_languages = []


def _learn_language(context):
    if not _languages:
        _languages.append(_ui_language(context))


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
        _learn_language(context)

    def getServiceName(self):
        return SERVICE


def _method(formula):
    def method(self, *cells):
        return inside().answer(formula, cells, language())

    return method


for _formula in FORMULAS:
    setattr(Formulas, _formula, _method(_formula))


class Work(unohelper.Base, XCallback):
    """Something to do, as LibreOffice's main loop takes it."""

    def __init__(self, do):
        self.do = do

    def notify(self, _data):
        self.do()


class Main:
    """LibreOffice's main thread, the only one on which Python may speak to documents.

    It holds LibreOffice's lock, and asks Python things meanwhile. Python on any other thread would
    hold its own lock while it waits for that one, and neither would ever go on.
    """

    def __init__(self):
        self.thread = None
        self.known = threading.Event()

    def meet(self, context):
        if not self.known.is_set():
            self.later(context, self._here)

    def _here(self):
        self.thread = threading.get_ident()
        self.known.set()

    def do(self, context, work):
        """Now where this is the main thread (which cannot have been met while it is kept busy)."""
        if not self.known.wait(PATIENCE) or self.thread == threading.get_ident():
            work()
        else:
            self.later(context, work)

    def later(self, context, work):
        service = "com.sun.star.awt.AsyncCallback"
        loop = context.ServiceManager.createInstanceWithContext(service, context)
        loop.addCallback(Work(work), None)


MAIN = Main()
PATIENCE = 5.0  # seconds


ESCAPE = 1281  # com.sun.star.awt.Key


CLOSE = (".uno:CloseFrame", ".uno:CloseWin", ".uno:CloseDoc", ".uno:Quit")


class Closing(unohelper.Base, XDispatchProviderInterceptor, XInterceptorInfo, XNotifyingDispatch):
    """Closing a window waits while a button works: what was clicked is remembered.

    A listener that refuses is too late: LibreOffice has then settled that nothing is to be saved,
    and would lose what the button filled.
    """

    asked = ""

    def getInterceptedURLs(self):
        return CLOSE

    def queryDispatch(self, url, target, flags):
        ours = url.Complete in CLOSE
        return self if ours else self._slave.queryDispatch(url, target, flags)

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(r.FeatureURL, r.FrameName, r.SearchFlags) for r in requests)

    def dispatch(self, url, arguments):
        self.asked = url.Complete

    def dispatchWithNotification(self, url, arguments, listener):
        self.asked = url.Complete

    def addStatusListener(self, listener, url):
        pass

    def removeStatusListener(self, listener, url):
        pass

    def getSlaveDispatchProvider(self):
        return self._slave

    def setSlaveDispatchProvider(self, slave):
        self._slave = slave

    def getMasterDispatchProvider(self):
        return self._master

    def setMasterDispatchProvider(self, master):
        self._master = master


class Hands(unohelper.Base, XKeyHandler, XMouseClickHandler, XCloseListener):
    """The user's hands while a button works: off the cells; Escape asks it to stop.

    given_up: whether a program closed the document meanwhile, which waits too.
    """

    def __init__(self):
        self.pressed = self.given_up = False
        self.window = Closing()

    def keyPressed(self, event):
        self.pressed = self.pressed or event.KeyCode == ESCAPE
        return True

    def keyReleased(self, _event):
        return True

    def mousePressed(self, _event):
        return True

    def mouseReleased(self, _event):
        return True

    def queryClosing(self, event, given_up):
        self.given_up = self.given_up or given_up
        raise CloseVetoException("Smarketing XL is filling this workbook", event.Source)

    def notifyClosing(self, _event):
        pass

    def disposing(self, _event):
        pass

    @contextmanager
    def off(self, frame):
        controller = frame.getController()
        document = controller.getModel()
        controller.addKeyHandler(self)
        controller.addMouseClickHandler(self)
        document.addCloseListener(self)
        frame.registerDispatchProviderInterceptor(self.window)
        try:
            yield self
        finally:
            with suppress(Exception):  # it is closed all the same
                frame.releaseDispatchProviderInterceptor(self.window)
                document.removeCloseListener(self)
                controller.removeKeyHandler(self)
                controller.removeMouseClickHandler(self)


_working = threading.Lock()


class Buttons(Service, XDispatchProvider, XNotifyingDispatch, XInitialization):
    """Menu and toolbar: org.smarketing:score does what the button score does."""

    name = BUTTONS

    def __init__(self, context):
        self.context = context
        self.frame = None
        MAIN.meet(context)

    def initialize(self, arguments):
        if arguments:
            self.frame = arguments[0]

    def queryDispatch(self, url, target, flags):
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(r.FeatureURL, r.FrameName, r.SearchFlags) for r in requests)

    def dispatch(self, url, arguments):
        self.dispatchWithNotification(url, arguments, None)

    def dispatchWithNotification(self, url, arguments, listener):
        button = url.Path
        given = [it.Value for it in arguments if it.Name == "answer"]

        def work():
            event = uno.createUnoStruct("com.sun.star.frame.DispatchResultEvent")
            event.Source, event.State, event.Result = self, 1, self._press(button, given)
            if listener is not None:
                with suppress(Exception):  # whoever asked is gone
                    listener.dispatchFinished(event)

        MAIN.do(self.context, work)

    def _press(self, button, given):
        if not _working.acquire(blocking=False):
            return ""  # clicked again while the windows were redrawn
        try:
            document = self.frame.getController().getModel()
            with Hands().off(self.frame) as listeners:
                message = inside().press(button, document, given, listeners)
            if listeners.given_up or listeners.window.asked:
                MAIN.later(self.context, lambda: self._close(listeners, document))
            return message
        except Exception:
            message = traceback.format_exc(limit=-3)
            with suppress(Exception):  # the window was closed
                _show(self.frame, message)
            return message
        finally:
            _working.release()

    def _close(self, listeners, document):
        """A document as a program does it; a window as its user does, who is asked to save."""
        if listeners.given_up:
            document.close(True)
            return
        service = "com.sun.star.frame.DispatchHelper"
        helper = self.context.ServiceManager.createInstanceWithContext(service, self.context)
        helper.executeDispatch(self.frame, listeners.window.asked, "", 0, ())

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
        _learn_language(context)
        self.context = context

    def execute(self, arguments):
        from smarketing_calc import documents, reachable

        reachable.open_pipe(self.context)
        event = {}
        for argument in arguments:
            if argument.Name == "Environment":
                event = {it.Name: it.Value for it in argument.Value}
        document = event.get("Model")
        if document is not None:
            documents.happened(event.get("EventName"), document, inside, FORMULAS, language())


g_ImplementationHelper = unohelper.ImplementationHelper()
for _service in (Formulas, Buttons, Events):
    g_ImplementationHelper.addImplementation(_service, _service.name + ".python", (_service.name,))
