import assert from "node:assert/strict";
import { kserveLlm, service } from "./cli.ts";

const files = { "chat.yaml": service({ accelerator: "nvidia-l4", router: { route: {}, gateway: {}, scheduler: {} } }) };

describe("kserve-llm graph", function () {
  this.timeout(90_000);

  it("prints Mermaid", () => {
    const { code, out } = kserveLlm(["graph", "-f", "chat.yaml"], files);
    assert.equal(code, 0);
    assert.match(out, /^flowchart LR\n {2}n0\(\["kserve-ingress-gateway<br\/>Gateway/);
    assert.match(out, /-->\|"1 pod × 1 GPU"\| n\d+$/m);
  });

  it("prints nodes and edges as JSON", () => {
    const [{ name, graph }] = JSON.parse(kserveLlm(["graph", "-f", "chat.yaml", "-o", "json"], files).out);
    assert.equal(name, "default/chat");
    assert.ok(graph.nodes.length > 5 && graph.edges.length > 5);
  });

  it("writes a report where it is told to", () => {
    const { code, out, err } = kserveLlm(["graph", "-f", "chat.yaml", "--html", "report.html"], files);
    assert.deepEqual([code, out, err], [0, "", "written: report.html\n"]);
  });

  it("ends with 1 for a service that is refused, with 2 for what cannot be read or written", () => {
    assert.equal(kserveLlm(["graph", "-f", "x.yaml"], { "x.yaml": service({ replicas: -1 }) }).code, 1);
    assert.equal(kserveLlm(["graph", "-f", "missing.yaml"]).code, 2);
    assert.equal(kserveLlm(["graph", "-f", "chat.yaml", "--html", "no/folder/x.html"], files).code, 2);
  });
});
