"""What the model returned -> the arrays of the declared outputs."""
import numpy

from .problem import Problem


def pick(result, outputs, library):
    """The values of the outputs, in their order: by name, or by place. `source` is the model's own name of an output."""
    names = [output.get("source") or output["name"] for output in outputs]
    if hasattr(result, "keys") and hasattr(result, "__getitem__"):
        missing = [name for name in names if name not in result]
        if missing:
            raise Problem("output", missing=missing, found=described(result, library))
        return [result[name] for name in names]
    if library.is_array(result):
        if len(outputs) == 1:
            return [result]
    elif all(hasattr(result, name) for name in names) and not isinstance(result, (str, bytes)):
        # A named tuple or an object with fields.
        return [getattr(result, name) for name in names]
    elif isinstance(result, (list, tuple)) and len(result) >= len(names):
        if len(result) == len(names) or all(library.is_array(value) for value in result[: len(names)]):
            return list(result[: len(names)])
    raise Problem("output", missing=names, found=described(result, library))


def to_wire(value, output, library, precision):
    """Floats as float64, everything else as int32: what Noether computes with."""
    name = output["name"]
    try:
        array = numpy.asarray(library.host(value))
    except Exception as error:
        raise Problem("output-type", output=name, found=type(value).__name__, message=str(error)) from error
    kind = array.dtype.kind
    if kind == "f":
        if precision == "float64" and array.dtype.itemsize < 8:
            raise Problem("twin", reason=f"the output `{name}` is {array.dtype.name} also for float64 inputs")
        return numpy.ascontiguousarray(array, dtype="<f8").reshape(array.shape)
    if kind in "biu":
        if array.size and (array.max() > 2**31 - 1 or array.min() < -(2**31)):
            raise Problem("output-range", output=name, found=str(array.max()))
        return numpy.ascontiguousarray(array, dtype="<i4").reshape(array.shape)
    raise Problem("output-type", output=name, found=array.dtype.name if kind != "O" else type(value).__name__)


def described(value, library):
    """`dict(energy: float32[1], forces: float32[9, 3])`"""
    if library.is_array(value):
        array = numpy.asarray(library.host(value))
        return f"{array.dtype.name}[{', '.join(map(str, array.shape))}]"
    if hasattr(value, "items"):
        return "dict(" + ", ".join(f"{name}: {described(each, library)}" for name, each in list(value.items())[:8]) + ")"
    if isinstance(value, (list, tuple)):
        return type(value).__name__ + "(" + ", ".join(described(each, library) for each in value[:8]) + ")"
    return type(value).__name__
