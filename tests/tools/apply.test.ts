import assert from "node:assert/strict";
import { apply } from "../../tools/cluster/apply.ts";
import type { Answer } from "../../tools/cluster/client.ts";
import { gpuNode, nodeObject } from "../../tools/cluster/objects.ts";

const THING = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "thing", namespace: "team" } };

/** An API server that gives these answers in turn, and the last one from then on; `paths` are those of the requests. */
function server(...answers: (number | Error)[]) {
  const paths: string[] = [];
  const request = async <T>(_method: string, path: string): Promise<Answer<T>> => {
    const answer = answers[Math.min(paths.push(path), answers.length) - 1];
    if (answer === undefined || answer instanceof Error) throw answer;
    return { status: answer, body: { message: `answer ${paths.length}` } as T };
  };
  return { request, paths };
}

describe("an apply of the test cluster", () => {
  for (const answer of [429, 503, 504, new Error("no answer in time")]) {
    it(`is sent again after ${answer}`, async () => {
      const { request, paths } = server(answer, 200);
      await apply(request, THING);
      assert.equal(paths.length, 2);
    });
  }

  it("fails at once when the API server refuses the object", async () => {
    const { request, paths } = server(422);
    await assert.rejects(apply(request, THING), /^Error: ConfigMap thing: 422 answer 1$/);
    assert.equal(paths.length, 1);
  });

  it("of a node also sets its status", async () => {
    const { request, paths } = server(200);
    await apply(request, nodeObject(gpuNode("one", { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" })));
    assert.deepEqual(
      paths.map((path) => path.replace(/\?.*/, "")),
      ["/api/v1/nodes/one", "/api/v1/nodes/one/status"],
    );
  });
});
