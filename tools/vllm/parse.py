"""Judges command lines as `vllm serve` of the installed release does.

Reads lines of JSON, each a list of words, and prints a line of JSON for each: null where the parser takes them, else what
it says. The first line that it prints has the parser's long options, each with its choices or null.
"""

import contextlib
import io
import json
import sys

from vllm.utils.argparse_utils import FlexibleArgumentParser

try:
    from vllm.entrypoints.common.cli_args import make_arg_parser
except ImportError:  # before 0.33
    from vllm.entrypoints.launchers.cli_args import make_arg_parser


def problem_of(parser, words):
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            parser.parse_args(words)
    except SystemExit:
        return said.getvalue().rpartition("vllm serve: error: ")[2].strip()
    except Exception as error:  # noqa: BLE001 - values are read by functions of their own, which raise what they like
        return f"{type(error).__name__}: {error}"
    return None


def main():
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        parser = make_arg_parser(FlexibleArgumentParser(prog="vllm serve"))
    options = {
        option[2:]: [str(choice) for choice in action.choices] if action.choices else None
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--")
    }
    print(json.dumps(options), file=answers)
    for line in sys.stdin:
        print(json.dumps(problem_of(parser, json.loads(line))), file=answers)


main()
