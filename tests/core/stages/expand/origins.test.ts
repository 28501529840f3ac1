import assert from "node:assert/strict";
import { planOf } from "../check/plan.ts";

const MODEL = { uri: "hf://o/m", name: "m" };
const ROUTED = { accelerator: "nvidia-l4", router: { route: {}, gateway: {}, scheduler: {} } };

function errorsOf(spec: object): string[] {
  return planOf(spec)
    .issues.filter(({ severity }) => severity === "error")
    .map(({ code, path }) => `${code} ${path}`);
}

describe("issues of values that templates produced", () => {
  for (const name of ["Qwen für", "a b c", "trailing ", "a\nb"]) {
    it(`a model name that no route can match, ${JSON.stringify(name)}, is one error at spec.model.name`, () => {
      assert.deepEqual(errorsOf({ ...ROUTED, model: { ...MODEL, name } }), ["InvalidValue spec.model.name"]);
    });
  }

  it("a model name that a route can match is fine", () => {
    assert.deepEqual(errorsOf({ ...ROUTED, model: { ...MODEL, name: "org/model-1.5" } }), []);
  });

  it("a route that the user wrote keeps its own place", () => {
    const headers = [{ name: "x-model", value: "für" }];
    const rules = [{ matches: [{ headers }], backendRefs: [{ name: "chat-kserve-workload-svc", port: 8000 }] }];
    const router = { route: { http: { spec: { parentRefs: [{ name: "g" }], rules } } } };
    assert.deepEqual(errorsOf({ ...ROUTED, model: MODEL, router }), [
      "InvalidValue spec.router.route.http.spec.rules[0].matches[0].headers[0].value",
    ]);
  });
});
