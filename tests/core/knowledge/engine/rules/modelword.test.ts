import assert from "node:assert/strict";
import { releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { judgeModelWord } from "../../../../../core/knowledge/engine/rules/modelword.ts";

function found(text: string, args: readonly string[]) {
  return judgeModelWord(args, { text, number: releaseNumber(text) ?? 0 });
}

describe("judgeModelWord", () => {
  it("refuses --model as a separate word before the release that moves its value to the front", () => {
    for (const release of ["0.8.3", "0.11.0"]) {
      const [one] = found(release, ["/mnt/models", "--model", "org/name"]);
      assert.equal(one?.message, `vllm serve of ${release} refuses --model`);
      assert.equal(one.fix, "remove --model: the engine then loads /mnt/models, the first word of its command line");
      assert.deepEqual(one.change, { to: "nothing" });
      assert.deepEqual(found(release, ["/mnt/models", "--model=org/name"]), []);
    }
    const [alone] = found("0.11.0", ["--model", "org/name"]);
    assert.equal(alone?.fix, "write the model as the first of the args, without --model");
    assert.equal(alone.change, undefined);
    assert.deepEqual(found("0.8.2", ["/mnt/models", "--model", "org/name"]), []);
  });

  it("refuses a first word next to --model from then on", () => {
    for (const flag of [["--model", "org/name"], ["--model=org/name"]]) {
      for (const release of ["0.11.1", "0.33.0"]) {
        assert.match(
          found(release, ["/mnt/models", ...flag])[0]?.message ?? "",
          /refuses the additional word \/mnt\/models/,
        );
        assert.deepEqual(found(release, ["--port=8000", ...flag, "--served-model-name=own"]), []);
      }
    }
  });

  it("refuses a name for a model that does not come first", () => {
    const args = ["--port=8000", "/mnt/models", "--served_model_name", "own"];
    assert.equal(found("0.17.0", args)[0]?.flag, "served-model-name");
    assert.deepEqual(found("0.16.0", args), []);
    assert.deepEqual(found("0.17.0", ["/mnt/models", "--served-model-name", "own"]), []);
    assert.deepEqual(found("0.17.0", ["--port=8000", "/mnt/models"]), []);
  });
});
