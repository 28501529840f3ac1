"""Prints as JSON what the unpacked package `vllm` in a folder has, read with `ast` alone: nothing of it is imported.

Flags of `vllm serve`, variables of envs.py, keys of the configuration's classes, words that registries know, and what classes of models do
not support. Choices are not among them: the parser changes some after it has read them off the classes (tests/e2e/argv.test.ts asks the parser itself).
"""

import ast
import json
import sys
from pathlib import Path

from classes import classes

ROOT = Path(sys.argv[1]) / "vllm"
CLASSES = {
    "kv-transfer-config": "KVTransferConfig",
    "kv-events-config": "KVEventsConfig",
    "eplb-config": "EPLBConfig",
    "structured-outputs-config": "StructuredOutputsConfig",
    "speculative-config": "SpeculativeConfig",
    "compilation-config": "CompilationConfig",
    "attention-config": "AttentionConfig",
    "kernel-config": "KernelConfig",
    "profiler-config": "ProfilerConfig",
    "ec-transfer-config": "ECTransferConfig",
    "pooler-config": "PoolerConfig",
    "reasoning-config": "ReasoningConfig",
}


def nodes_of(*patterns):
    files = [file for pattern in patterns for file in sorted(ROOT.glob(pattern))]
    return [node for file in files for node in ast.walk(ast.parse(file.read_text()))]


def texts(node):
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def target_of(node):
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    return ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else None


def fields_of(nodes, name):
    """The fields of a class and of the classes that it is made from, without those that nobody can set."""
    found = set()
    for node in nodes:
        if not isinstance(node, ast.ClassDef) or node.name != name:
            continue
        for base in node.bases:
            found |= fields_of(nodes, ast.unparse(base).rpartition(".")[2])
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and not ast.unparse(one.annotation).startswith("ClassVar"):
                value = ast.unparse(one.value) if one.value else ""
                if "init=False" not in value and not target_of(one).startswith("_"):
                    found.add(target_of(one))
    return found


def functions_of(nodes, wanted):
    return [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in wanted]


def flags():
    cli = nodes_of("entrypoints/**/cli_args.py", "entrypoints/cli/serve.py")
    where = functions_of(nodes_of("engine/arg_utils.py"), ["add_cli_args"]) + functions_of(cli, ["make_arg_parser", "subparser_init"])
    found = {name.replace("_", "-") for name in fields_of(cli, "FrontendArgs")}
    for call in (node for function in where for node in ast.walk(function)):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "add_argument":
            words = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            found |= {word[2:].replace("_", "-") for word in words if word.startswith("--")}
    return found


def variables():
    found = set()
    for node in nodes_of("envs.py"):
        if target_of(node) == "environment_variables" and isinstance(node.value, ast.Dict):
            found |= {one.value for one in node.value.keys if isinstance(one, ast.Constant)}
    return {name for name in found if name.startswith("VLLM_")}


def registered(registrar, *patterns):
    """Names that a decorator or a call registers, and the keys of tables of what is to be registered."""
    found = set()
    for node in nodes_of(*patterns):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(registrar) and (node.args or node.keywords):
            named = [one.value for one in node.keywords if one.arg == "name"]
            found |= set(texts((named or node.args or [ast.Constant(0)])[0]))
        elif "TO_REGISTER" in (target_of(node) or "") and isinstance(node.value, ast.Dict):
            found |= {one.value for one in node.value.keys if isinstance(one, ast.Constant)}
    return found


def listed(name, *patterns):
    return {text for node in nodes_of(*patterns) if target_of(node) == name and node.value for text in texts(node.value)}


def words():
    quantization = "model_executor/layers/quantization/__init__.py"
    return {
        "tool-call-parser": registered("register_module", "tool_parsers/*.py", "entrypoints/openai/tool_parsers/*.py"),
        "reasoning-parser": registered("register_module", "reasoning/*.py"),
        "quantization": listed("QuantizationMethods", quantization),
        "load-format": listed("LoadFormats", "model_executor/model_loader/__init__.py"),
        "kv_connector": registered("register_connector", "distributed/kv_transfer/kv_connector/factory.py"),
    }


config = nodes_of("config/*.py", "config.py")
read = {
    "flags": flags(),
    "variables": variables(),
    "keys": {flag: fields_of(config, name) for flag, name in CLASSES.items()},
    "words": words(),
    "classes": classes(ROOT),
}
print(json.dumps(read, default=sorted))
