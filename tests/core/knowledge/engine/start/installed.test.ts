import assert from "node:assert/strict";
import { releaseOfContainer } from "../../../../../core/knowledge/engine/start/installed.ts";

const IMAGE = "vllm/vllm-openai:v0.10.0";
const START = "exec vllm serve /mnt/models";

describe("the release of vLLM that a container runs", () => {
  const scripts: readonly [what: string, script: string, release: string | undefined][] = [
    ["that of the image, if the script installs nothing", START, "0.10.0"],
    [
      "that of the image, if the script adds an extra",
      `pip install --no-cache-dir "vllm[audio]" && ${START}`,
      "0.10.0",
    ],
    ["that of the image, if the script updates another package", `pip install -U transformers; ${START}`, "0.10.0"],
    [
      "that of the image, if it installs a package whose name begins like vLLM's",
      `pip install vllm-router==0.1.0\n${START}`,
      "0.10.0",
    ],
    ["the one that the script pins", `python3 -m pip install 'vllm[audio]==0.11.2' && ${START}`, "0.11.2"],
    [
      "the last one that the script pins",
      `uv pip install vllm==0.11.0; uv pip install --system vllm==0.12.0; ${START}`,
      "0.12.0",
    ],
    ["unknown, if the script installs the newest", `pip3 install -U vllm && ${START}`, undefined],
    ["unknown, if the script leaves the release to pip", `pip install "vllm>=0.11" && ${START}`, undefined],
    [
      "unknown, if the script installs a checkout",
      `pip install git+https://github.com/vllm-project/vllm.git@main && ${START}`,
      undefined,
    ],
    [
      "unknown, if the script installs a wheel",
      `uv pip install https://example.com/vllm-0.12.0-cp38-abi3-linux_x86_64.whl && ${START}`,
      undefined,
    ],
    ["the one that pip of the image installs", `/opt/venv/bin/pip install vllm==0.11.2; ${START}`, "0.11.2"],
    ...[
      "python3 -m venv /tmp/bench && /tmp/bench/bin/pip install vllm==0.9.0",
      "/tmp/bench/bin/pip install vllm==0.9.0",
      "/tmp/bench/bin/python -m pip install vllm==0.9.0",
      "uv venv; uv pip install vllm==0.9.0",
      ". /tmp/bench/bin/activate; pip install vllm",
      "pip install --target /tmp/bench vllm==0.9.0",
      "pip install --prefix=/tmp/bench vllm==0.9.0",
      "pip --python /tmp/bench/bin/python install vllm==0.9.0",
      "pip install --root /tmp/bench vllm==0.9.0",
      "uv pip install -p /tmp/bench vllm==0.9.0",
      "uv tool install vllm==0.9.0",
    ].map((install): [string, string, undefined] => [
      `unknown, if the environment may not be the engine's: ${install}`,
      `${install}; ${START}`,
      undefined,
    ]),
  ];
  for (const [what, script, release] of scripts)
    it(`is ${what}`, () => {
      assert.equal(releaseOfContainer({ image: IMAGE, command: ["sh", "-c", script] }), release);
      assert.equal(releaseOfContainer({ image: IMAGE, command: ["bash", "-ec"], args: [script] }), release);
    });
});
