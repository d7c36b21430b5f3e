"""PyTorch, JAX and numpy: arrays in and out, evaluation mode, precision, seeds."""
import contextlib
import random
import sys

import numpy

from .gradients import jax_gradients, own_gradients, torch_gradients
from .held import floating_arrays, held_by, size_of
from .problem import Problem


def seed_all(seed):
    random.seed(seed)
    numpy.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)


def library_of(callable_):
    """The library whose arrays the callable takes."""
    torch = sys.modules.get("torch")
    for value in held_by(callable_, depth=2):
        if torch is not None and isinstance(value, (torch.nn.Module, torch.Tensor)):
            return Torch(callable_, torch)
        module = value.__name__ if type(value).__name__ == "module" else type(value).__module__
        first = (module or "").split(".")[0]
        if first == "torch" and torch is not None:
            return Torch(callable_, torch)
        if first in ("jax", "jaxlib", "flax", "equinox", "haiku"):
            return Jax(callable_)
    return Numpy(callable_)


class Numpy:
    """A function of numpy arrays. It computes in the precision of what it is given."""

    def __init__(self, callable_):
        self.name = f"numpy {numpy.__version__}"
        self.callable = callable_
        arrays = floating_arrays(callable_)
        self.parameters = sum(map(size_of, arrays)) or None
        self.native = "float32" if any(str(array.dtype) == "float32" for array in arrays) else "float64"
        self.modules = []

    def array(self, value, precision):
        return value.astype(precision if value.dtype.kind == "f" else numpy.int64)

    def host(self, value):
        return numpy.asarray(value)

    def is_array(self, value):
        return isinstance(value, (numpy.ndarray, numpy.generic, int, float))

    def context(self, precision):
        return contextlib.nullcontext()

    def retry(self, error):
        """Whether another way of calling is worth a try after this error."""
        return False

    def has_gradients(self):
        """numpy keeps no tape: the callable has a `vjp` of its own, or there are none."""
        return callable(getattr(self.callable, "vjp", None))

    def gradients(self, run, names, values, outputs, cotangents):
        """Gradients of sum(cotangent * output) for each floating input, None for others. `run` calls the model."""
        dtypes = {value.dtype for value in values if value.dtype.kind == "f"}
        own = next(iter(dtypes)) if len(dtypes) == 1 else numpy.float64
        cotangents = [each.astype(own) if each.dtype.kind == "f" else each for each in cotangents]
        return own_gradients(self.callable, names, values, outputs, cotangents)

    def taping(self):
        """For calls that gradients are taken of."""
        return contextlib.nullcontext()


class Jax(Numpy):
    """A function of JAX arrays. float64 is switched on for the calls in float64 only."""

    def __init__(self, callable_):
        import jax

        super().__init__(callable_)
        self._jax = jax
        self.name = f"jax {jax.__version__}"
        self.native = "float64" if jax.config.jax_enable_x64 else "float32"

    def array(self, value, precision):
        dtype = precision if value.dtype.kind == "f" else numpy.int32
        return self._jax.numpy.asarray(value.astype(dtype))

    def is_array(self, value):
        return super().is_array(value) or isinstance(value, self._jax.Array)

    def context(self, precision):
        if precision != "float64":
            return contextlib.nullcontext()
        switch = getattr(self._jax, "enable_x64", None)
        if switch is None:
            from jax.experimental import enable_x64 as switch
        return switch(True)

    def has_gradients(self):
        return True

    def gradients(self, run, names, values, outputs, cotangents):
        return jax_gradients(self._jax, run, values, outputs, cotangents, self)


class Torch(Numpy):
    """A module, or a function around modules. In evaluation mode, and without gradients unless the model takes some."""

    def __init__(self, callable_, torch):
        super().__init__(callable_)
        self._torch = torch
        self.name = f"torch {torch.__version__}"
        self.modules = top_modules(callable_, torch)
        for module in self.modules:
            module.eval()
        weights = {id(weight): weight for module in self.modules for weight in module.parameters()}
        if self.modules:
            self.parameters = sum(weight.numel() for weight in weights.values())
        floating = [weight for weight in weights.values() if weight.is_floating_point()]
        self.native = "float64" if floating and floating[0].dtype == torch.float64 else "float32"
        self.device = floating[0].device if floating else torch.device("cpu")
        self._gradients = False

    def array(self, value, precision):
        dtype = precision if value.dtype.kind == "f" else numpy.int64
        # A copy, so that a model that writes into its inputs changes nothing here.
        return self._torch.from_numpy(value.astype(dtype)).to(self.device)

    def host(self, value):
        torch = self._torch
        if not isinstance(value, torch.Tensor):
            return numpy.asarray(value)
        value = value.detach().cpu()
        if value.dtype in (torch.float16, torch.bfloat16):
            value = value.float()
        return (value.to_dense() if value.is_sparse else value).resolve_conj().numpy()

    def is_array(self, value):
        return super().is_array(value) or isinstance(value, self._torch.Tensor)

    @contextlib.contextmanager
    def context(self, precision):
        torch = self._torch
        usual = torch.get_default_dtype()
        # Tensors that are made inside the model take the precision of the rest.
        torch.set_default_dtype(getattr(torch, precision))
        try:
            with torch.set_grad_enabled(self._gradients):
                yield
        finally:
            torch.set_default_dtype(usual)

    def retry(self, error):
        """Models that differentiate (forces as the gradient of an energy) need the tape."""
        if self._gradients or "does not require grad" not in str(error):
            return False
        self._gradients = True
        return True

    def has_gradients(self):
        return True

    def gradients(self, run, names, values, outputs, cotangents):
        return torch_gradients(self._torch, run, values, outputs, cotangents, self)

    def taping(self):
        return self._torch.enable_grad()

    def widen(self, native):
        """Makes this model, built anew, the same as `native` in float64."""
        if len(self.modules) != len(native.modules):
            raise Problem("twin", reason="the callable builds another number of modules each time")
        for own, original in zip(self.modules, native.modules):
            own.load_state_dict(original.state_dict())
            own.double()
            for module in own.modules():
                # Tensors that are no buffers are passed over by double().
                for name, value in list(vars(module).items()):
                    if isinstance(value, self._torch.Tensor) and value.is_floating_point():
                        setattr(module, name, value.double())


def top_modules(callable_, torch):
    """The modules that the callable holds, those inside another one left out."""
    found = [value for value in held_by(callable_) if isinstance(value, torch.nn.Module)]
    within = {id(part) for module in found for part in module.modules() if part is not module}
    return [module for module in found if id(module) not in within]
