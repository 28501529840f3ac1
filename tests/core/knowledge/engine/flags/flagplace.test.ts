import assert from "node:assert/strict";
import { FLAG_READERS, placeOf } from "../../../../../core/knowledge/engine/flags/flagplace.ts";

const SCRIPT = ["sh", "-c", "vllm serve /mnt/models"];

describe("the place of a flag of a container", () => {
  const placed = (command: readonly string[], args: readonly string[], takesArgs: boolean) =>
    placeOf({ command, args }, "port", FLAG_READERS.vllm, takesArgs);

  it("is in the args, where it is written or belongs", () => {
    assert.deepEqual(placed(["vllm", "serve"], ["--port=9000"], true), { field: "args" });
    assert.deepEqual(placed([], [], true), { field: "args" });
  });

  it("is one that no program changes in args that a script does not pass on", () => {
    assert.deepEqual(placed(SCRIPT, ["--port=9000"], false), { field: "args", isScript: true });
    assert.deepEqual(placed(SCRIPT, [], false), { field: "command", isScript: true });
  });
});
