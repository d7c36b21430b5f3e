"""Gradients with respect to the inputs: what each library offers for a product of cotangents with the Jacobian."""
import numpy

from .outputs import pick
from .problem import Problem


def cotangent_for(cotangent, value, output):
    """The cotangent in the shape of what the model returned, which may have a batch axis of one more."""
    shape = tuple(int(length) for length in value.shape)
    if cotangent.size != int(numpy.prod(shape, dtype=numpy.int64)):
        found = "[" + ", ".join(map(str, shape)) + "]"
        raise Problem("no-gradient", reason=f"the output `{output['name']}` has the shape {found} this time")
    return cotangent.reshape(shape)


def torch_gradients(torch, run, values, outputs, cotangents, library):
    """Gradients of the floating inputs by torch's tape; the others have None."""
    leaves = [value.requires_grad_(True) if value.is_floating_point() else value for value in values]
    # Copies go in: a model may write into its inputs, which the leaves of a tape do not stand.
    returned = pick(run([leaf.clone() for leaf in leaves]), outputs, library)
    roots, weights = [], []
    for value, output, cotangent in zip(returned, outputs, cotangents):
        if cotangent.dtype.kind != "f" or not cotangent.any():
            continue
        if not isinstance(value, torch.Tensor) or not value.requires_grad:
            raise Problem("no-gradient", reason=f"the output `{output['name']}` is not on torch's tape")
        roots.append(value)
        weights.append(torch.as_tensor(cotangent_for(cotangent, value, output), dtype=value.dtype, device=value.device))
    wanted = [leaf for leaf in leaves if leaf.is_floating_point()]
    if not roots or not wanted:
        return [numpy.zeros(tuple(leaf.shape)) if leaf.is_floating_point() else None for leaf in leaves]
    try:
        found = torch.autograd.grad(roots, wanted, weights, allow_unused=True)
    except RuntimeError as error:
        # Forces as the gradient of an energy: what they were taken from is gone by now.
        if "backward through the graph a second time" not in str(error):
            raise
        reason = "it differentiates inside itself and does not keep its graph (create_graph=True would)"
        raise Problem("no-gradient", reason=reason) from error
    if all(gradient is None for gradient in found):
        raise Problem("no-gradient", reason="torch's tape does not lead from the outputs to any input")
    given = iter(found)
    gradients = [next(given) if leaf.is_floating_point() else None for leaf in leaves]
    return [
        numpy.zeros(tuple(leaf.shape)) if gradient is None and leaf.is_floating_point() else gradient
        for gradient, leaf in zip(gradients, leaves)
    ]


def jax_gradients(jax, run, values, outputs, cotangents, library):
    """Gradients of the floating inputs by jax.vjp; the others have None."""
    floating = [place for place, value in enumerate(values) if value.dtype.kind == "f"]
    chosen = [place for place, cotangent in enumerate(cotangents) if cotangent.dtype.kind == "f"]

    def of_floating(*given):
        whole = list(values)
        for place, value in zip(floating, given):
            whole[place] = value
        returned = pick(run(whole), outputs, library)
        return [jax.numpy.asarray(returned[place]) for place in chosen]

    returned, pull = jax.vjp(of_floating, *(values[place] for place in floating))
    weights = [
        jax.numpy.asarray(cotangent_for(cotangents[place], value, outputs[place]), dtype=value.dtype)
        for place, value in zip(chosen, returned)
    ]
    gradients = [None] * len(values)
    for place, gradient in zip(floating, pull(weights)):
        gradients[place] = gradient
    return gradients


def own_gradients(callable_, names, values, outputs, cotangents):
    """What the callable's own `vjp(inputs, cotangents)` returns: a dictionary by input; an input left out has none."""
    keys = [output.get("source") or output["name"] for output in outputs]
    given = callable_.vjp(dict(zip(names, values)), dict(zip(keys, cotangents)))
    if not hasattr(given, "get"):
        raise Problem("gradient-form", input=None, found=type(given).__name__)
    return [
        (numpy.zeros(value.shape) if given.get(name) is None else given[name]) if value.dtype.kind == "f" else None
        for name, value in zip(names, values)
    ]


def to_wire(gradients, sample, names, library):
    """float64 arrays in the shapes of the floating inputs, in their order."""
    arrays = []
    for gradient, value, name in zip(gradients, sample, names):
        if value.dtype.kind != "f":
            continue
        array = numpy.asarray(library.host(gradient))
        if array.dtype.kind not in "fiu" or array.size != value.size:
            raise Problem("gradient-form", input=name, found=f"{array.dtype.name}{list(array.shape)}")
        arrays.append(numpy.ascontiguousarray(array, dtype="<f8").reshape(value.shape))
    return arrays
