"""How LibreOffice's Python and another one talk over a pair of pipes: one asks, the other answers.

Plain values are sent as they are; anything else stays where it is and is sent as a number that
stands for it. Whoever waits for an answer answers meanwhile: a button writes cells, and the
formulas that read them ask for their values. Both ends are ours and of one user, and trust each
other: each may read attributes of what the other keeps, and call it.
"""

import pickle
from contextlib import suppress
from io import BytesIO
from itertools import count

NUMBERS_AND_TEXTS = (int, float, str)
PLAIN = (*NUMBERS_AND_TEXTS, bytes, tuple, list, dict, type(None))
PROTOCOL = 4  # of pickle: every Python since 3.4 reads it


class Link:
    """One end. `do`: answers a question that the other end asks; `shared`: known to both."""

    def __init__(self, source, sink, do, shared=None):
        self._source, self._sink, self._do = source, sink, do
        self._shared, self._numbers = shared, count(1)
        self.forget()

    def forget(self):
        """What was sent as a number may go; only `shared`, number 0, stays."""
        self._kept = {0: self._shared}

    def keep(self, thing):
        number = next(self._numbers)
        self._kept[number] = thing
        return number

    def kept(self, number):
        return self._kept.get(number)

    def ask(self, *question):
        """The other end's answer. Raises what it raised; EOFError or OSError where it is gone."""
        self._send("ask", question)
        while True:
            kind, content = self._receive()
            if kind == "answer":
                return content
            if kind == "missing":
                raise AttributeError(content)
            if kind == "failed":
                raise RuntimeError(content)
            self._answer(content)

    def serve(self):
        """Answer until the other end is gone."""
        with suppress(EOFError, OSError):
            while True:
                self._answer(self._receive()[1])

    def _answer(self, question):
        try:
            answer = "answer", self._packed("answer", self._do(*question))
        except AttributeError as error:
            answer = "missing", self._packed("missing", str(error))
        except Exception as error:
            answer = "failed", self._packed("failed", f"{type(error).__name__}: {error}")
        self._write(answer[1])

    def _send(self, kind, content):
        self._write(self._packed(kind, content))

    def _packed(self, kind, content):
        packed = BytesIO()
        _Pickler(packed, self).dump((kind, content))
        return packed.getvalue()

    def _write(self, packed):
        self._sink.write(packed)
        self._sink.flush()

    def _receive(self):
        return _Unpickler(self._source, self).load()


class Remote:
    """Something that the other end keeps: attributes, calls and elements are asked there."""

    __slots__ = ("_link", "_number")

    def __init__(self, link, number):
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._link.ask("get", self, name)

    def __setattr__(self, name, value):
        self._link.ask("set", self, name, value)

    def __call__(self, *given):
        return self._link.ask("call", self, given)

    def __iter__(self):
        return iter(self._link.ask("list", self))

    def __len__(self):
        return self._link.ask("len", self)

    def __bool__(self):
        return True

    def __getitem__(self, key):
        return self._link.ask("item", self, key)


class _Pickler(pickle.Pickler):
    def __init__(self, file, link):
        super().__init__(file, PROTOCOL)
        self._link = link

    def persistent_id(self, value):
        if isinstance(value, PLAIN):
            return None
        if isinstance(value, Remote):
            return "yours", value._number
        return "mine", self._link.keep(value)

    def reducer_override(self, value):
        """NumPy's numbers and our errors are numbers and texts."""
        for kind in NUMBERS_AND_TEXTS:
            if isinstance(value, kind):
                return kind, (str.__str__(value) if kind is str else kind(value),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, link):
        super().__init__(file)
        self._link = link

    def persistent_load(self, sent):
        side, number = sent
        return self._link.kept(number) if side == "yours" else Remote(self._link, number)

    def find_class(self, module, name):
        for kind in NUMBERS_AND_TEXTS:
            if (module, name) == ("builtins", kind.__name__):
                return kind
        raise pickle.UnpicklingError(f"{module}.{name} is not sent")
