"""From `package.module:build` to something that can be called."""
import importlib
import inspect
import os
import sys

from .problem import Problem, first_lines, is_code_of_users, raised


class Target:
    """The user's module, imported, and the name in it."""

    def __init__(self, module, name, folder):
        self.folder = folder
        self.label = f"{module}:{name}"
        sys.path[0] = folder
        try:
            loaded = importlib.import_module(module)
        except ModuleNotFoundError as error:
            missing = error.name or ""
            if module == missing or module.startswith(missing + "."):
                raise Problem("missing-module", module=module, missing=missing, folder=folder)
            raise raised("import", error, folder)
        except (Exception, SystemExit) as error:
            raise raised("import", error, folder)
        value = loaded
        for part in name.split("."):
            if not hasattr(value, part):
                known = [each for each in dir(value) if not each.startswith("_") and callable(getattr(value, each))]
                raise Problem("missing-callable", name=name, module=module, known=known[:40], file=loaded.__file__)
            value = getattr(value, part)
        if not callable(value):
            raise Problem("not-callable", name=name, found=type(value).__name__, file=loaded.__file__)
        self.value = value

    def model(self, inputs, checkpoint):
        """The model itself: the target where it takes the declared inputs or is a module, else what the target builds."""
        if self.is_model(inputs):
            if checkpoint is not None:
                raise Problem("checkpoint", label=self.label, why="is the model itself")
            return self.value
        return self.build(checkpoint)

    def built(self, checkpoint):
        """The model where no inputs are declared: a function that needs arguments, but no checkpoint, is the model."""
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(self.value, torch.nn.Module):
            return self.value
        parameters = parameters_of(self.value) or {}
        needed = [each for each in parameters.values() if is_needed(each)]
        if checkpoint is None and needed and not inspect.isclass(self.value):
            return self.value
        return self.build(checkpoint)

    def build(self, checkpoint):
        try:
            arguments = builder_arguments(self.value, checkpoint, self.label)
            built = self.value(*arguments)
        except Problem:
            raise
        except (Exception, SystemExit) as error:
            raise raised("build", error, self.folder)
        if not callable(built):
            raise Problem("built", label=self.label, found=type(built).__name__)
        return built

    def is_model(self, inputs):
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(self.value, torch.nn.Module):
            return True
        if inspect.isclass(self.value):
            return False
        names = parameters_of(self.value)
        return names is not None and len(inputs) > 0 and all(name in names for name in inputs)


def parameters_of(callable_):
    """Parameters by name; None for a callable that does not tell."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(callable_, torch.nn.Module):
        callable_ = callable_.forward
    try:
        return inspect.signature(callable_).parameters
    except (ValueError, TypeError):
        return None


def is_needed(parameter):
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        return False
    return parameter.default is parameter.empty


def builder_arguments(builder, checkpoint, label):
    parameters = parameters_of(builder)
    if checkpoint is not None:
        if parameters is not None and not parameters:
            raise Problem("checkpoint", label=label, why="takes no argument")
        return [checkpoint]
    needed = [each.name for each in (parameters or {}).values() if is_needed(each)]
    if needed:
        raise Problem("builder", label=label, needed=needed)
    return []


def user_sources():
    """Files of the user's own modules that are loaded now."""
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return sorted(
        os.path.abspath(file) for file in files if file and file.endswith(".py") and is_code_of_users(file)
    )


def how_to_pass(callable_, inputs, label):
    """`keywords` where every input is a parameter, else `order`."""
    parameters = parameters_of(callable_)
    if parameters is None:
        return "order"
    values = list(parameters.values())
    open_keywords = any(each.kind == each.VAR_KEYWORD for each in values)
    named = {each.name for each in values if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)}
    needed = [each.name for each in values if is_needed(each)]
    if (open_keywords or all(name in named for name in inputs)) and all(name in inputs for name in needed):
        return "keywords"
    places = [each for each in values if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    open_places = any(each.kind == each.VAR_POSITIONAL for each in values)
    if len(needed) <= len(inputs) and (open_places or len(inputs) <= len(places)):
        return "order"
    raise Problem("arguments", label=label, takes=[str(each) for each in values], inputs=inputs)
