"""What a callable holds: the networks and weights inside closures, objects, partials and the globals that it names."""
import functools


def held_by(callable_, depth=4):
    """Every object that can be reached from the callable without entering modules, each once, the callable first."""
    seen = set()
    waiting = [(callable_, 0)]
    while waiting:
        value, level = waiting.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        # Objects of other people's may do anything when they are looked at; such a one is passed over.
        try:
            found = [] if is_leaf(value) or level >= depth else inside(value)
        except Exception:
            continue
        yield value
        waiting.extend((inner, level + 1) for inner in found)


def is_leaf(value):
    if value is None or isinstance(value, (str, bytes, int, float, complex, bool, type)):
        return True
    # Arrays and tensors of any library: what is in them are numbers.
    return hasattr(value, "dtype") or type(value).__name__ == "module"


def inside(value):
    if isinstance(value, dict):
        return list(dict.values(value))
    for kind in (list, tuple, set):
        # By the built-in's own way: e3nn's Irreps is a tuple that refuses to tell its length.
        if isinstance(value, kind):
            return [each for each in kind.__iter__(value)]
    found = []
    if isinstance(value, functools.partial):
        found += [value.func, *value.args, *value.keywords.values()]
    for cell in getattr(value, "__closure__", None) or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            # A name that is not bound yet.
            continue
    found += [getattr(value, name) for name in ("__self__", "__wrapped__") if hasattr(value, name)]
    code = getattr(value, "__code__", None)
    if code is not None:
        names = getattr(value, "__globals__", {})
        found += [names[name] for name in code.co_names if name in names]
    try:
        found += list(vars(value).values())
    except TypeError:
        # Objects with slots, and those of extension modules.
        pass
    return found


def floating_arrays(callable_):
    """The floating arrays that the callable holds, each once."""
    held = list(held_by(callable_))
    return [value for value in held if "float" in str(getattr(value, "dtype", "")) and hasattr(value, "shape")]


def size_of(array):
    size = 1
    for length in array.shape:
        size *= int(length)
    return size
