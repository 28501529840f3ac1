import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { flagsOf } from "../../../core/knowledge/engine/flags/flags.ts";
import { releaseNumber } from "../../../core/knowledge/engine/release.ts";
import { differences, type Read, readRelease } from "../../../tools/vllm/compare.ts";

/** A package with one of each kind; what is read from its sources is next to it. */
const FILES: Readonly<Record<string, string>> = {
  "engine/arg_utils.py": `class EngineArgs:
    def add_cli_args(parser):
        parser.add_argument("--model_name", "-m", type=str)
        parser.add_argument("--max-num-seqs", **kwargs["max_num_seqs"])
    def other(parser):
        parser.add_argument("--not-served")
`,
  "entrypoints/openai/cli_args.py": `class BaseFrontendArgs:
    api_key: str | None = None
class FrontendArgs(BaseFrontendArgs):
    port: int = 8000
    count: ClassVar[int] = 1
def make_arg_parser(parser):
    parser.add_argument("--headless", action="store_true")
`,
  "envs.py": `environment_variables: dict = {"VLLM_PORT": lambda: 1, "HF_HOME": lambda: 2}\n`,
  "config/kv_transfer.py": `class KVTransferConfig:
    kv_role: str | None = None
    _hidden: int = 0
    made: int = field(init=False)
`,
  "model_executor/models/registry.py": `_MODELS = {"Own": ("own", "OwnClass"), "Other": ("vllm.models.other", "Other")}
_SPECULATIVE_MODELS = {"Draft": ("own", "Draft")}
`,
  "model_executor/models/own.py": `from .interfaces import SupportsLoRA
class Base(nn.Module, SupportsLoRA): pass
class OwnClass(Base): pass
class Draft(nn.Module): pass
`,
  "models/other/__init__.py": `if is_rocm:
    from .amd import Other
else:
    from .nvidia import Other
`,
  "models/other/amd.py": `class Other(nn.Module): pass\n`,
  "models/other/nvidia.py": `class Other(nn.Module, SupportsPP): pass\n`,
  "tool_parsers/__init__.py": `_TOOL_PARSERS_TO_REGISTER = {"hermes": ("a", "b")}\n`,
  "reasoning/own.py": `@ReasoningParserManager.register_module(["qwen3", "other"])\nclass Own: pass\n`,
  "distributed/kv_transfer/kv_connector/factory.py": `Factory.register_connector("NixlConnector", "a.module", "Class")\n`,
};

describe("the comparison of the tables with a release of vLLM", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "vllm-"));
    for (const [name, text] of Object.entries(FILES)) {
      const file = join(folder, "vllm", name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it("reads flags, variables, keys and words from the sources", async () => {
    const { flags, variables, keys, words } = await readRelease(folder);
    assert.deepEqual(flags, ["api-key", "headless", "max-num-seqs", "model-name", "port"]);
    assert.deepEqual(variables, ["VLLM_PORT"]);
    assert.deepEqual(keys["kv-transfer-config"], ["kv_role"]);
    assert.deepEqual(words["tool-call-parser"], ["hermes"]);
    assert.deepEqual(words["reasoning-parser"], ["other", "qwen3"]);
    assert.deepEqual(words["kv_connector"], ["NixlConnector"]);
  });

  it("reads what classes of models lack through their bases and the modules of platforms", async () => {
    const { classes } = await readRelease(folder);
    assert.deepEqual(classes, { all: ["Other", "Own"], adapters: ["Other"], stages: ["Own"] });
  });

  const release = "0.23.0";
  const flags = flagsOf(releaseNumber(release) ?? 0);
  const same: Read = { flags, variables: [], keys: {}, words: {}, classes: {} };
  const found = (read: Partial<Read>): string[] =>
    differences({ ...same, ...read }, release).filter((one) => !one.startsWith("variable"));

  it("finds nothing if release and tables are equal", () => assert.deepEqual(found({}), []));

  it("reports a flag that only one of the two has", () => {
    const other = [...flags.filter((name) => name !== "max-num-seqs"), "brand-new"];
    const told = ["flag brand-new: only the release has it", "flag max-num-seqs: only the table has it"];
    assert.deepEqual(found({ flags: other }), told);
  });

  it("reports a class whose features differ", () => {
    const classes = { all: ["LlamaForCausalLM", "MambaForCausalLM"], adapters: ["LlamaForCausalLM"], stages: [] };
    assert.deepEqual(found({ classes }), [
      "class without adapters LlamaForCausalLM: only the release has it",
      "class without adapters MambaForCausalLM: only the table has it",
    ]);
  });

  it("reports only keys and words whose classes were read", () => {
    const told = found({
      keys: { "kv-events-config": ["topic", "brand_new"], "eplb-config": [] },
      words: { kv_connector: [] },
    });
    assert.ok(told.includes("key of --kv-events-config brand_new: only the release has it"));
    assert.ok(told.includes("key of --kv-events-config publisher: only the table has it"));
    assert.ok(told.every((one) => one.startsWith("key of --kv-events-config")));
  });
});
