import assert from "node:assert/strict";
import { isNear, nearTo } from "../../../core/contract/further.ts";

const PATHS = [
  ...["", "metadata", "metadata.name", "spec", "spec.prefill", "spec.prefill.replicas", "spec.replicas"],
  ...["spec.labels", "spec.labels[a.b]", "spec.labels[a]", "spec.template", "spec.template.containers[0]"],
  ...["spec.template.containers[0].env[1].name", "spec.template.containers[10]", "spec.temp"],
];

describe("places near to one of many", () => {
  it("are those that are near to any one of them", () => {
    for (const one of PATHS)
      for (const other of PATHS)
        for (const path of PATHS)
          assert.equal(
            nearTo([one, other])(path),
            isNear(one, path) || isNear(other, path),
            `${path} of ${one}, ${other}`,
          );
  });
});
