import assert from "node:assert/strict";
import { call, service } from "./cli.ts";

const files = { "chat.yaml": service({ accelerator: "nvidia-l4", router: { route: {}, gateway: {}, scheduler: {} } }) };

describe("kserve-llm graph", () => {
  it("prints Mermaid", async () => {
    const { code, out } = await call(["graph", "-f", "chat.yaml"], files);
    assert.equal(code, 0);
    assert.match(out, /^flowchart LR\n {2}n0\(\["kserve-ingress-gateway<br\/>Gateway/);
    assert.match(out, /-->\|"1 pod × 1 GPU"\| n\d+$/m);
  });

  it("prints nodes and edges as JSON", async () => {
    const [{ name, graph }] = JSON.parse((await call(["graph", "-f", "chat.yaml", "-o", "json"], files)).out);
    assert.equal(name, "default/chat");
    assert.ok(graph.nodes.length > 5 && graph.edges.length > 5);
  });

  it("prints a self-contained SVG that contains every text, with the name above each of several services", async () => {
    const { code, out } = await call(["graph", "-f", "chat.yaml", "-o", "svg"], files);
    assert.equal(code, 0);
    assert.match(out, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*aria-label="default\/chat"/);
    for (const part of ["<style>", ">chat-kserve<", "prefers-color-scheme: dark"]) assert.ok(out.includes(part), part);
    assert.ok(!/(?:href|src)=|@import/.test(out), "nothing is loaded");
    assert.ok(!out.includes('class="heading"'));
    const two = { ...files, "other.yaml": { ...service({ accelerator: "nvidia-l4" }), metadata: { name: "other" } } };
    const both = (await call(["graph", "-f", "chat.yaml", "-f", "other.yaml", "-o", "svg"], two)).out;
    assert.deepEqual(
      [...both.matchAll(/class="heading"[^>]*>([^<]+)</g)].map(([, name]) => name),
      ["default/chat", "default/other"],
    );
  });

  it("writes a report to the file of --html", async () => {
    const { code, out, err } = await call(["graph", "-f", "chat.yaml", "--html", "report.html"], files);
    assert.deepEqual([code, out, err], [0, "", "written: report.html\n"]);
  });

  it("exits with 1 for a refused service and with 2 for a file that cannot be read or written", async () => {
    assert.equal((await call(["graph", "-f", "x.yaml"], { "x.yaml": service({ replicas: -1 }) })).code, 1);
    assert.equal((await call(["graph", "-f", "missing.yaml"])).code, 2);
    assert.equal((await call(["graph", "-f", "chat.yaml", "--html", "no/folder/x.html"], files)).code, 2);
  });
});
