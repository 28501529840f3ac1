import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ownPort } from "../../../../../core/knowledge/engine/ports.ts";
import { type EngineStart, type Startable, vllmStart } from "../../../../../core/knowledge/engine/start/start.ts";
import { deepFreeze } from "../../../stages/merge/freeze.ts";

type Case = { name: string; container: Startable } & Partial<EngineStart>;

const CASES = parse(readFileSync(new URL("start.yaml", import.meta.url), "utf8")) as Case[];

describe("vllmStart", () => {
  for (const { name, container, args, ...rest } of CASES) {
    it(`${args === undefined ? "finds no vLLM in" : "reads the command line of"} ${name}`, () => {
      const expected = { takesArgs: true, evaluated: false, complete: true, isModule: false, ...rest };
      assert.deepEqual(vllmStart(deepFreeze(container) as Startable), args && { args, ...expected });
    });
  }
});

const PORTS: [Startable, number | undefined, string][] = [
  [{ command: ["a"], args: ["--port", "30000"] }, 30000, "as two words"],
  [{ command: ["a", "--port=30000"] }, 30000, "as one word in the command"],
  [{ command: ["tritonserver"], args: ["--http-port=9000", "--grpc-port=9001"] }, 9000, "as Triton has it"],
  [{ command: ["bash", "-c", "exec a --port 1 2>&1"] }, 1, "in a script"],
  [{ command: ["a"], args: ["--port", "$(PORT)"] }, undefined, "as a variable"],
  [{ command: ["/opt/run.sh"] }, undefined, "nowhere"],
];

describe("the port of an engine", () => {
  for (const [container, port, reason] of PORTS)
    it(`is ${port ?? "unknown"} if it is written ${reason}`, () => assert.equal(ownPort(container), port));
});
