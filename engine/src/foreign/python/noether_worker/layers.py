"""What the modules inside a PyTorch model compute, in the order in which they finish."""
import numpy


class Layers:
    def __init__(self, library, most):
        self._library = library
        self._most = most

    def record(self, run):
        """Arrays by the module's path; a module that runs again is numbered."""
        found = {}
        taken = [0]
        hooks = []

        def hook(name):
            def keep(module, inputs, output):
                value = output[0] if isinstance(output, (list, tuple)) and len(output) else output
                if not self._library.is_array(value) or not hasattr(value, "shape"):
                    return
                array = numpy.asarray(self._library.host(value))
                taken[0] += array.size * 8
                if array.dtype.kind != "f" or array.ndim == 0 or taken[0] > self._most:
                    return
                times = sum(1 for key in found if key == name or key.startswith(name + "#"))
                key = name if times == 0 else f"{name}#{times + 1}"
                found[key] = numpy.array(array, dtype="<f8", order="C")

            return keep

        many = len(self._library.modules) > 1
        for place, top in enumerate(self._library.modules):
            for name, module in top.named_modules():
                if name:
                    hooks.append(module.register_forward_hook(hook(f"{place}.{name}" if many else name)))
        try:
            run()
        finally:
            for each in hooks:
                each.remove()
        return found
