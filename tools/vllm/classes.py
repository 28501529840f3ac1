"""What the classes of models in an unpacked package `vllm` support, by their bases: read with `ast` alone."""

import ast
from functools import cache

FEATURES = {"adapters": "SupportsLoRA", "stages": "SupportsPP"}
MODELS = "vllm.model_executor.models"


class Package:
    """The classes and imports of the modules of models."""

    def __init__(self, root):
        self.classes, self.imports = {}, {}
        for file in [*sorted(root.glob("model_executor/models/**/*.py")), *sorted(root.glob("models/**/*.py"))]:
            parts = ("vllm", *file.relative_to(root).with_suffix("").parts)
            is_package = parts[-1] == "__init__"
            self.read(".".join(parts[:-1] if is_package else parts), is_package, ast.parse(file.read_text()))

    def read(self, module, is_package, tree):
        classes, imports = self.classes.setdefault(module, {}), self.imports.setdefault(module, {})
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = [one.value if isinstance(one, ast.Subscript) else one for one in node.bases]
                classes[node.name] = [ast.unparse(one).rpartition(".")[2] for one in bases]
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                for target in node.targets:
                    classes.setdefault(ast.unparse(target), [node.value.id])
            elif isinstance(node, ast.ImportFrom):
                above = module.split(".")
                above = above[: len(above) - node.level + is_package] if node.level else []
                source = ".".join([*above, *([node.module] if node.module else [])])
                for one in node.names:
                    imports.setdefault(one.asname or one.name, []).append((source, one.name))

    @cache
    def bases_of(self, module, name):
        """The names of all classes from which one is made, in whichever of the modules for platforms it is found."""
        if name in self.classes.get(module, {}):
            own = self.classes[module][name]
            return {name, *(base for one in own if one != name for base in self.bases_of(module, one))}
        found = {name}
        for source, other in self.imports.get(module, {}).get(name, []):
            if (source, other) != (module, name):
                found |= self.bases_of(source, other)
        return found


def registered(root):
    """The classes of the registry's tables without those that only draft: each with its module and its name there."""
    for node in ast.parse((root / "model_executor/models/registry.py").read_text()).body:
        target = getattr(node, "target", None) or (node.targets[0] if isinstance(node, ast.Assign) else None)
        if not isinstance(getattr(node, "value", None), ast.Dict) or "SPECULATIVE" in ast.unparse(target):
            continue
        for key, value in zip(node.value.keys, node.value.values):
            if isinstance(key, ast.Constant) and isinstance(value, ast.Tuple):
                module, name = ast.literal_eval(value)
                yield key.value, module if module.startswith("vllm.") else f"{MODELS}.{module}", name


def classes(root):
    """All classes, and those that lack each feature."""
    if not (root / "model_executor/models/registry.py").exists():
        return {}
    package, found = Package(root), list(registered(root))
    lacking = {
        feature: {name for name, module, cls in found if base not in package.bases_of(module, cls)}
        for feature, base in FEATURES.items()
    }
    return {"all": {name for name, _, _ in found}, **lacking}
