import assert from "node:assert/strict";
import { fromGoYaml } from "../../../../core/kubernetes/go/readgoyaml.ts";

describe("YAML as Go's library reads it", () => {
  it("causes no warning of the process, whatever its keys are", () => {
    const warned: unknown[] = [];
    const emit = process.emitWarning;
    process.emitWarning = (warning: unknown) => void warned.push(warning);
    try {
      fromGoYaml("plugins: {{ .Name }}\n{ a: 1 }: b\n");
      assert.deepEqual(fromGoYaml("? [a, b]\n: c\n"), { "[ a, b ]": "c" });
    } finally {
      process.emitWarning = emit;
    }
    assert.deepEqual(warned, []);
  });
});
