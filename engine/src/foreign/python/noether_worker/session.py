"""One open model and what is asked of it."""
import copy

import numpy

from .channel import padded
from .gradients import to_wire as gradients_to_wire
from .layers import Layers
from .libraries import library_of, seed_all
from .outputs import pick, to_wire
from .problem import Problem, raised
from .target import Target, how_to_pass, parameters_of, user_sources


class Session:
    def answer(self, header, payload):
        """The reply to a request: a header and arrays."""
        kind = header["type"]
        if kind == "open":
            return self.open(header)
        if kind == "inspect":
            return inspect(header)
        samples = unpack(header, payload)
        if kind == "evaluate":
            return self.evaluate(samples, header["precision"])
        if kind == "layers":
            return self.layers(samples)
        if kind == "gradient":
            return self.gradients(samples, header["precision"])
        raise Problem("protocol", found=kind)

    def open(self, header):
        self.inputs = [each["name"] for each in header["inputs"]]
        self.outputs = header["outputs"]
        self.batch = header["batch"]
        self.most = header["mostBytes"]
        self.seed = header["seed"]
        self.checkpoint = header.get("checkpoint")
        self.target = Target(header["module"], header["name"], header["folder"])
        self.library = self.build()
        self.passing = how_to_pass(self.library.callable, self.inputs, self.target.label)
        self.wide = self.library if self.library.native == "float64" else None
        return {
            "type": "opened",
            "library": self.library.name,
            "native": self.library.native,
            "parameters": self.library.parameters,
            "layers": len(self.library.modules) > 0,
            "gradients": self.library.has_gradients(),
            "sources": user_sources(),
        }, []

    def build(self):
        seed_all(self.seed)
        return library_of(self.target.model(self.inputs, self.checkpoint))

    def evaluate(self, samples, precision):
        library = self.at(precision)
        results = [self.call(library, sample, precision) for sample in samples]
        arrays = [array for result in results for array in result]
        total = sum(padded(array.nbytes) for array in arrays)
        if total > self.most:
            raise Problem("too-large", found=total, most=self.most, shapes=[list(each.shape) for each in arrays[:4]])
        return {"type": "values", "arrays": described(arrays, self.outputs)}, arrays

    def call(self, library, sample, precision):
        """The declared outputs on one sample (or on several behind a batch axis), ready for the wire."""
        result = self.run(library, sample, precision)
        values = pick(result, self.outputs, library)
        return [to_wire(value, output, library, precision) for value, output in zip(values, self.outputs)]

    def run(self, library, sample, precision):
        try:
            with library.context(precision):
                return self.pass_in(library, [library.array(value, precision) for value in sample])
        except (Exception, SystemExit) as error:
            if library.retry(error):
                return self.run(library, sample, precision)
            raise raised("error", error, self.target.folder)

    def pass_in(self, library, values):
        if self.passing == "keywords":
            return library.callable(**dict(zip(self.inputs, values)))
        return library.callable(*values)

    def gradients(self, samples, precision):
        """Gradients of the floating inputs of each sample; behind the inputs stand the cotangents of the outputs."""
        library = self.at(precision)
        count = len(self.inputs)
        arrays, floating = [], []
        for sample in samples:
            arrays += self.gradient(library, sample[:count], sample[count:], precision)
            # Which inputs are floating may differ: a rotation makes reals of whole numbers.
            floating += [{"name": name} for name, value in zip(self.inputs, sample) if value.dtype.kind == "f"]
        return {"type": "values", "arrays": described(arrays, floating)}, arrays

    def gradient(self, library, sample, cotangents, precision):
        try:
            with library.context(precision), library.taping():
                values = [library.array(value, precision) for value in sample]
                run = lambda given: self.pass_in(library, given)  # noqa: E731
                found = library.gradients(run, self.inputs, values, self.outputs, cotangents)
                return gradients_to_wire(found, sample, self.inputs, library)
        except Problem:
            raise
        except (Exception, SystemExit) as error:
            raise raised("gradient", error, self.target.folder)

    def at(self, precision):
        """The model that computes in this precision."""
        return self.library if precision == self.library.native else self.in_float64()

    def in_float64(self):
        """The same model in float64. A function of arrays is its own; modules are built a second time and widened."""
        if self.wide is None:
            if not self.library.modules:
                self.wide = self.library
            else:
                wide = self.build()
                if shares_modules(wide, self.library):
                    wide = library_of(copy.deepcopy(wide.callable))
                if shares_modules(wide, self.library):
                    raise Problem("twin", reason="the callable uses the same module each time it is built")
                wide.widen(self.library)
                self.wide = wide
        return self.wide

    def layers(self, samples):
        seen = [Layers(self.library, self.most).record(lambda: self.run(self.library, sample, self.library.native))
                for sample in samples]
        names = [name for name in seen[0] if all(name in each for each in seen)]
        arrays = [each[name] for each in seen for name in names]
        outputs = [{"name": name} for name in names]
        return {"type": "values", "names": names, "arrays": described(arrays, outputs)}, arrays


def inspect(header):
    """What the model takes, for a starter specification: nothing is declared yet."""
    seed_all(header["seed"])
    target = Target(header["module"], header["name"], header["folder"])
    built = target.built(header.get("checkpoint"))
    library = library_of(built)
    inputs = [
        {"name": each.name, "optional": each.default is not each.empty}
        for each in (parameters_of(built) or {}).values()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    ]
    return {"type": "inspected", "library": library.name, "parameters": library.parameters, "inputs": inputs}, []


def shares_modules(a, b):
    return any(own is other for own in a.modules for other in b.modules)


def unpack(header, payload):
    """The samples of a frame: for each the arrays of its inputs, in their order. They lie in the frame's own memory."""
    arrays = []
    at = 0
    for each in header["arrays"]:
        dtype = numpy.dtype(each["dtype"])
        count = int(numpy.prod(each["shape"], dtype=numpy.int64))
        arrays.append(numpy.frombuffer(payload, dtype, count, at).reshape(each["shape"]))
        at += padded(count * dtype.itemsize)
    per = len(arrays) // max(1, header["samples"])
    return [arrays[i * per : (i + 1) * per] for i in range(header["samples"])]


def described(arrays, outputs):
    names = [output["name"] for output in outputs]
    return [
        {"name": names[i % len(names)], "dtype": array.dtype.name, "shape": list(array.shape)}
        for i, array in enumerate(arrays)
    ]
