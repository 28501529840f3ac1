import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../cli/models/cache.ts";
import { INDEX } from "../../cli/models/document.ts";
import { call, type Files } from "./cli.ts";

const CONFIG = {
  model_type: "llama",
  num_hidden_layers: 2,
  hidden_size: 64,
  num_attention_heads: 4,
  vocab_size: 512,
  max_position_embeddings: 4096,
};
const JSON_CONFIG = JSON.stringify(CONFIG);
/** The approximate number of bytes of such a model. */
const BYTES = 230_000;

const bytes = (count: number): Uint8Array => new Uint8Array(count);
const indexOf = (total: number, ...names: string[]): string =>
  JSON.stringify({
    metadata: { total_size: total },
    weight_map: Object.fromEntries(names.map((name) => [name, name])),
  });
const infoOf = async (args: string[], files: Files, stdin?: string) => {
  const settings = stdin === undefined ? {} : { stdin: () => Buffer.from(stdin) };
  const { code, out, err } = await call(["model", "info", ...args], files, settings);
  return { code, err, info: out === "" ? undefined : JSON.parse(out) };
};

describe("kserve-llm model info of a folder", () => {
  const PARTS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
  const [one, two] = PARTS;
  const CASES: readonly [string, Files, number | undefined, RegExp | undefined][] = [
    ["sums the safetensors files", { [one]: bytes(BYTES), [two]: bytes(BYTES) }, 2 * BYTES, undefined],
    [
      "counts only the files that the index names",
      { [one]: bytes(BYTES), "extra.safetensors": bytes(9), [INDEX]: indexOf(1, one) },
      BYTES,
      undefined,
    ],
    [
      "takes the index's sum where a file is missing",
      { [one]: bytes(BYTES), [INDEX]: indexOf(500_000, ...PARTS) },
      500_000,
      undefined,
    ],
    [
      "takes the index's sum where the files are pointers",
      { [one]: bytes(130), [INDEX]: indexOf(500_000, one) },
      500_000,
      undefined,
    ],
    ["takes the index's sum if there are no files", { [INDEX]: indexOf(500_000, ...PARTS) }, 500_000, undefined],
    [
      "ignores Mistral's copy of the weights",
      { "model.safetensors": bytes(BYTES), "consolidated.safetensors": bytes(BYTES) },
      BYTES,
      undefined,
    ],
    ["takes Mistral's layout where it is the only one", { "consolidated.safetensors": bytes(BYTES) }, BYTES, undefined],
    [
      "takes PyTorch's files if there are no others",
      { "pytorch_model.bin": bytes(BYTES), "training_args.bin": bytes(9) },
      BYTES,
      undefined,
    ],
    [
      "ignores folders inside",
      { "model.safetensors": bytes(BYTES), "onnx/model.safetensors": bytes(BYTES) },
      BYTES,
      undefined,
    ],
    ["sets no size where a part is missing", { [one]: bytes(BYTES) }, undefined, /1 of 2 files of weights are missing/],
    ["sets no size where the files are pointers", { "model.safetensors": bytes(130) }, undefined, /only 130 bytes/],
    ["sets no size without files", {}, undefined, /no file of weights was found/],
  ];
  for (const [title, files, weightBytes, warning] of CASES) {
    it(title, async () => {
      const folder = Object.fromEntries(Object.entries(files).map(([name, content]) => [`own/${name}`, content]));
      const { code, info, err } = await infoOf(["own"], { "own/config.json": JSON_CONFIG, ...folder });
      assert.deepEqual([code, info], [0, { ...CONFIG, ...(weightBytes !== undefined && { weightBytes }) }]);
      if (warning === undefined) assert.equal(err, "");
      else assert.match(err, warning);
    });
  }

  it("prints what --model-info accepts, as JSON and as YAML", async () => {
    const files = { "own/config.json": JSON_CONFIG, "own/model.safetensors": bytes(BYTES) };
    for (const format of ["json", "yaml"]) {
      const { out } = await call(["model", "info", "own", "-o", format], files);
      const fit = ["fit", "--model", "acme/own", "--accelerator", "nvidia-l4", "--model-info", "info", "-o", "json"];
      assert.equal(JSON.parse((await call(fit, { info: out })).out).fits, true);
    }
  });

  it("reads the quantisation of ModelOpt from its own file if the config has none", async () => {
    const quantization = { quant_algo: "NVFP4", group_size: 16 };
    const files = { "own/config.json": JSON_CONFIG, "own/hf_quant_config.json": JSON.stringify({ quantization }) };
    const { info } = await infoOf(["own"], files);
    assert.deepEqual(info.quantization_config, { quant_method: "modelopt", ...quantization });
    const told = JSON.stringify({ ...CONFIG, quantization_config: { quant_method: "fp8" } });
    const other = await infoOf(["own"], { ...files, "own/config.json": told });
    assert.deepEqual(other.info.quantization_config, { quant_method: "fp8" });
  });

  it("leaves out labels and the shapes of towers, and reads infinite numbers as null", async () => {
    const config = `{"text_config": ${JSON_CONFIG}, "vision_config": {"depth": 9}, "id2label": {"0": "a"}, "limits": [0.0, Infinity]}`;
    const { code, info } = await infoOf(["own"], { "own/config.json": config });
    const expected = { text_config: CONFIG, vision_config: {}, limits: [0, null] };
    assert.deepEqual([code, info], [0, expected]);
  });

  it("exits with 1 if a plan cannot read the shape", async () => {
    const vague = await infoOf(["own"], { "own/config.json": '{"model_type": "clip"}' });
    assert.deepEqual([vague.code, vague.info], [1, { model_type: "clip" }]);
    assert.match(vague.err, /own: warning: config.json does not contain the shape/);
    const wrong = await infoOf(["own"], { "own/config.json": JSON.stringify({ ...CONFIG, hidden_size: "wide" }) });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /config.json.hidden_size: /);
  });

  const UNREADABLE: readonly [string, string[], Files, RegExp][] = [
    ["a missing folder", ["acme/own"], {}, /no such file or folder; .* run kserve-llm model add acme\/own/],
    ["a folder without config.json", ["own"], { "own/a.txt": "a" }, /own: the folder does not contain config.json/],
    ["a config.json that is not JSON", ["own"], { "own/config.json": "<html>" }, /config.json is not JSON/],
    ["a config.json that is a list", ["own"], { "own/config.json": "[]" }, /a JSON object was expected/],
    [
      "an index that is not JSON",
      ["own"],
      { "own/config.json": "{}", [`own/${INDEX}`]: "{" },
      /index.json is not JSON/,
    ],
  ];
  for (const [title, args, files, message] of UNREADABLE) {
    it(`exits with 2 for ${title}`, async () => {
      const { code, err, info } = await infoOf(args, files);
      assert.deepEqual([code, info], [2, undefined]);
      assert.match(err, message);
    });
  }
});

describe("kserve-llm model info of a claim's listing", () => {
  const config = { "config.json": JSON_CONFIG };
  const CASES: readonly [string, string, number | undefined][] = [
    ["sums the files", `9 /mnt/models/config.json\n${BYTES} /mnt/models/model.safetensors\n`, BYTES],
    ["reads paths with spaces and Windows line ends", `${BYTES} /mnt/my models/model.safetensors\r\n`, BYTES],
    ["reads a listing of the folder itself", `${BYTES} ./model.safetensors\n7 ./onnx/model.safetensors`, BYTES],
    ["ignores folders inside", `${BYTES} /m/model.safetensors\n7 /m/2_Dense/model.safetensors`, BYTES],
    ["sets no size without weights", "9 /mnt/models/config.json\n", undefined],
  ];
  for (const [title, listing, weightBytes] of CASES) {
    it(title, async () => {
      const expected = { ...CONFIG, ...(weightBytes !== undefined && { weightBytes }) };
      const ofFile = await infoOf(["config.json", "--listing", "list"], { ...config, list: listing });
      assert.deepEqual([ofFile.code, ofFile.info], [0, expected]);
      const ofInput = await infoOf(["config.json", "--listing", "-"], config, listing);
      assert.deepEqual([ofInput.code, ofInput.info], [0, expected]);
    });
  }

  it("exits with 2 for two models, and for another format", async () => {
    const two = await infoOf(
      ["config.json", "--listing", "-"],
      config,
      "9 /m/a/model.safetensors\n9 /m/b/model.safetensors",
    );
    assert.equal(two.code, 2);
    assert.match(two.err, /standard input: the listing has several models: \/m\/a, \/m\/b/);
    const long = await infoOf(["config.json", "--listing", "list"], { ...config, list: "total 4\n" });
    assert.equal(long.code, 2);
    assert.match(long.err, /list:1: a size and a path were expected/);
  });
});

describe("kserve-llm model info of a Hugging Face cache", () => {
  const cache = mkdtempSync(join(tmpdir(), "kserve-llm-cache-"));
  const model = join(cache, "models--acme--own");
  before(() => {
    for (const folder of ["blobs", "refs", "snapshots/abc", "snapshots/def"])
      mkdirSync(join(model, folder), { recursive: true });
    writeFileSync(join(model, "refs/main"), "abc");
    writeFileSync(join(model, "blobs/config"), JSON_CONFIG);
    writeFileSync(join(model, "blobs/weights"), "");
    truncateSync(join(model, "blobs/weights"), BYTES);
    symlinkSync("../../blobs/config", join(model, "snapshots/abc/config.json"));
    symlinkSync("../../blobs/weights", join(model, "snapshots/abc/model.safetensors"));
    symlinkSync("../../blobs/gone", join(model, "snapshots/abc/other.safetensors"));
    symlinkSync("../../blobs/config", join(model, "snapshots/def/config.json"));
  });
  after(() => rmSync(cache, { recursive: true, force: true }));

  for (const name of ["acme/own", "hf://acme/own", "hf://acme/own:main", "acme/own:abc"]) {
    it(`follows the links of ${name}`, async () => {
      const { code, info, err } = await infoOf([name, "--from-cache", cache], {});
      assert.deepEqual([code, err, info], [0, "", { ...CONFIG, weightBytes: BYTES }]);
    });
  }

  it("uses the argument of --from-cache as the model if no other argument names one", async () => {
    const before = process.env["HF_HUB_CACHE"];
    process.env["HF_HUB_CACHE"] = cache;
    try {
      const { code, info } = await infoOf(["--from-cache", "acme/own"], {});
      assert.deepEqual([code, info], [0, { ...CONFIG, weightBytes: BYTES }]);
    } finally {
      if (before === undefined) delete process.env["HF_HUB_CACHE"];
      else process.env["HF_HUB_CACHE"] = before;
    }
  });

  it("reads the given revision", async () => {
    const { info } = await infoOf(["acme/own", "--from-cache", cache, "--revision", "def"], {});
    assert.deepEqual(info, CONFIG);
  });

  it("finds the cache as huggingface_hub does", () => {
    assert.equal(cacheFolder({ HF_HUB_CACHE: "/a", HF_HOME: "/b" }), "/a");
    assert.equal(cacheFolder({ HF_HOME: "/b", XDG_CACHE_HOME: "/c" }), "/b/hub");
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/c" }), "/c/huggingface/hub");
    assert.match(cacheFolder({}), /\.cache\/huggingface\/hub$/);
  });

  it("exits with 2 for a model or revision that the cache does not have, and for an invalid name", async () => {
    const CASES: readonly [string[], RegExp][] = [
      [["acme/other"], /acme\/other is not in the Hugging Face cache .* run kserve-llm model add acme\/other/],
      [["acme/own", "--revision", "v2"], /does not have revision v2; it has abc, def/],
      [["../own"], /the name of a model on the hub was expected/],
    ];
    for (const [args, message] of CASES) {
      const { code, err } = await infoOf([...args, "--from-cache", cache], {});
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });
});
