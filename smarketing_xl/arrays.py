"""NumPy's arrays by what they hold."""

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Moments = NDArray[np.datetime64]
Places = NDArray[np.intp]  # where something stands in another array; -1 where nowhere
