import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { Plan } from "../../../../core/contract/plan.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";
import { graphOf } from "../../../../core/views/graph/graph.ts";
import { layout } from "../../../../core/views/graph/layout.ts";
import { mermaid } from "../../../../core/views/graph/mermaid.ts";
import { reportHtml } from "../../../../core/views/graph/report.ts";
import { svg } from "../../../../core/views/graph/svg.ts";
import type { Graph } from "../../../../core/views/graph/types.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";
import { service } from "../explain/plans.ts";

const ROUTED = { route: {}, gateway: {}, scheduler: {} };
const SPLIT = {
  accelerator: "nvidia-h100-80gb",
  parallelism: { tensor: 2 },
  scaling: { minReplicas: 2, maxReplicas: 6, wva: { hpa: {} } },
  router: ROUTED,
  prefill: { replicas: 1, accelerator: "nvidia-h200-141gb", parallelism: { data: 4, dataLocal: 2 }, worker: {} },
};

const GROUPED = {
  tuning: { maxModelLen: 4096 },
  router: ROUTED,
  groups: {
    l4: { accelerator: "nvidia-l4", replicas: 3 },
    h100: { accelerator: "nvidia-h100-80gb", parallelism: { pipeline: 2 }, worker: {} },
  },
};
const DISAGGREGATED = { accelerator: "nvidia-h100-80gb", replicas: 2, router: ROUTED, prefill: {} };

function planned(spec: object): Plan {
  const input = { service: service(spec), configs: presets({ namespace: "kserve" }), settings: DEFAULT_SETTINGS };
  const result = plan(deepFreeze(input));
  assert.deepEqual(
    result.issues.filter(({ severity }) => severity === "error"),
    [],
  );
  return result;
}

function picture(spec: object): Graph {
  return graphOf(deepFreeze(planned(spec).objects));
}

function linesOf({ nodes }: Graph, id: string): string[] | undefined {
  return nodes.find((node) => node.id === id)?.lines;
}

describe("graphOf", () => {
  it("leads from the gateway over route, pool and scheduler to the pods and their nodes", () => {
    const { nodes, edges } = picture({ accelerator: "nvidia-l4", replicas: 3, router: ROUTED });
    assert.deepEqual(
      nodes.map(({ id }) => id),
      [
        "Gateway/kserve-ingress-gateway",
        "HTTPRoute/chat-kserve-route",
        "InferencePool/chat-inference-pool",
        "Service/chat-kserve-workload-svc",
        "Deployment/chat-kserve-router-scheduler",
        "Deployment/chat-kserve",
        "Node/nvidia.com/gpu.product = NVIDIA-L4",
      ],
    );
    const texts = edges.map(({ from, to, label }) =>
      [from, to, label ?? ""].map((text) => text.split("/").at(-1)).join(" "),
    );
    assert.deepEqual(texts, [
      "kserve-ingress-gateway chat-kserve-route ",
      "chat-kserve-route chat-inference-pool 9 rules",
      "chat-kserve-route chat-kserve-workload-svc 3 rules",
      "chat-inference-pool chat-kserve-router-scheduler picks a pod",
      "chat-inference-pool chat-kserve ",
      "chat-kserve-workload-svc chat-kserve ",
      "chat-kserve gpu.product = NVIDIA-L4 3 pods × 1 GPU",
    ]);
  });

  it("shows roles, groups and autoscalers, and the KV cache that passes between roles", () => {
    const graph = picture(SPLIT);
    assert.deepEqual(linesOf(graph, "Deployment/chat-kserve"), [
      "Deployment, decode",
      "2 to 6 pods",
      "2 × nvidia.com/gpu per pod",
      "scaled by HorizontalPodAutoscaler",
    ]);
    assert.deepEqual(linesOf(graph, "LeaderWorkerSet/chat-kserve-mn-prefill"), [
      "LeaderWorkerSet, prefill",
      "1 group × 2 pods",
      "2 × nvidia.com/gpu per pod",
    ]);
    const { from, to } = graph.edges.find(({ label }) => label === "KV cache") ?? {};
    assert.deepEqual([from, to], ["LeaderWorkerSet/chat-kserve-mn-prefill", "Deployment/chat-kserve"]);
  });

  it("shows each replica group separately, behind one pool and one Service", () => {
    const graph = picture(GROUPED);
    const behind = (id: string): string[] => graph.edges.filter(({ from }) => from === id).map(({ to }) => to);
    const groups = ["Deployment/chat-kserve-l4", "LeaderWorkerSet/chat-kserve-mn-h100"];
    assert.deepEqual(behind("InferencePool/chat-inference-pool").slice(1).sort(), groups);
    assert.deepEqual(behind("Service/chat-kserve-workload-svc").sort(), groups);
    assert.deepEqual(linesOf(graph, "Deployment/chat-kserve-l4")?.slice(1), ["3 pods", "1 × nvidia.com/gpu per pod"]);
    assert.deepEqual(behind("Deployment/chat-kserve-l4"), ["Node/nvidia.com/gpu.product = NVIDIA-L4"]);
    for (const drawn of [mermaid([{ name: "chat", graph }]), svg(graph, "chat"), reportHtml([planned(GROUPED)])])
      for (const name of ["chat-kserve-l4", "chat-kserve-mn-h100"]) assert.ok(drawn.includes(name), drawn);
  });

  it("shows the roles of a DisaggregatedSet as parts of the set that is made", () => {
    const graph = picture({ ...DISAGGREGATED, operations: { pairedRollout: { disaggregatedSet: true } } });
    const roles = graph.nodes.filter(({ title }) => title === "chat-kserve").map(({ lines }) => lines.slice(0, 2));
    assert.deepEqual(roles, [
      ["DisaggregatedSet, decode", "2 groups"],
      ["DisaggregatedSet, prefill", "1 group"],
    ]);
    assert.ok(graph.edges.some(({ label }) => label === "KV cache"));
  });

  it("has no router if the service has none, and no nodes if pods may run anywhere", () => {
    assert.deepEqual(
      picture({}).nodes.map(({ kind }) => kind),
      ["service", "pods"],
    );
  });

  it("shows a pool that is not part of this service", () => {
    const graph = picture({ router: { ...ROUTED, scheduler: { pool: { ref: { name: "shared" } } } } });
    assert.deepEqual(linesOf(graph, "InferencePool/shared"), ["InferencePool", "not part of this service"]);
    assert.ok(graph.edges.some(({ to }) => to === "InferencePool/shared"));
  });
});

describe("layout", () => {
  it("places all nodes inside the picture, without overlaps", () => {
    const { nodes, width, height } = layout(picture(SPLIT));
    for (const one of nodes) {
      assert.ok(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height, one.id);
      for (const other of nodes.slice(nodes.indexOf(one) + 1)) {
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        assert.ok(apart, `${one.id} and ${other.id}`);
      }
    }
  });
});

describe("mermaid", () => {
  it("is a flowchart whose edges connect its nodes", () => {
    const lines = mermaid([{ name: "default/chat", graph: picture(SPLIT) }])
      .trimEnd()
      .split("\n");
    assert.equal(lines[0], "flowchart LR");
    const nodes = lines.flatMap((line) => /^ {2}(n\d+)[[({]/.exec(line)?.[1] ?? []);
    const edges = lines.flatMap((line) => /^ {2}(n\d+) -->(?:\|"[^"]*"\|)? (n\d+)$/.exec(line)?.slice(1) ?? []);
    assert.equal(nodes.length + edges.length / 2, lines.length - 1);
    assert.deepEqual(
      [...new Set(edges)].filter((id) => !nodes.includes(id)),
      [],
    );
  });

  it("puts several services into boxes, and escapes Mermaid's syntax", () => {
    const node = { id: "x", kind: "pods" as const, title: 'a "b" <c>', lines: [] };
    const graph = { nodes: [node], edges: [] };
    const text = mermaid([
      { name: "one", graph },
      { name: "two", graph },
    ]);
    assert.match(text, /subgraph s0\["one"\]\n {4}s0n0\["a #34;b#34; #60;c#62;"\]\n {2}end/);
    assert.match(text, /s1n0/);
  });
});

describe("the report", () => {
  const result = planned(SPLIT);
  const page = reportHtml([result], { classes: [], byResource: { "nvidia.com/gpu": 2 } });

  it("is self-contained, without scripts, links and external files", () => {
    assert.doesNotMatch(page, /<script|<link|<img|<iframe|@import|url\((?!#)|(?:src|href)=/);
    assert.match(page, /prefers-color-scheme: dark/);
  });

  it("has a closing tag for every opening tag", () => {
    const open: string[] = [];
    for (const [, close, tag = "", self] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*?(\/?)>/gi)) {
      if (self === "/" || tag === "meta") continue;
      if (close === "/") assert.equal(open.pop(), tag);
      else open.push(tag);
    }
    assert.deepEqual(open, []);
  });

  it("has the picture, and a row for each object, workload and field", () => {
    for (const { metadata } of result.objects) assert.ok(page.includes(`<td>${metadata.name}</td>`), metadata.name);
    assert.match(page, /<svg [^>]*viewBox=/);
    assert.match(page, /<dd>8 to 16<\/dd><dt>GPUs<\/dt>/);
    assert.match(page, /<dd>16<\/dd><dt>an hour<\/dt>/);
    assert.match(page, /<td>template\.nodeSelector\[nvidia\.com\/gpu\.product\]<\/td><td>NVIDIA-H100-80GB-HBM3<\/td>/);
    assert.equal(page, reportHtml([result], { classes: [], byResource: { "nvidia.com/gpu": 2 } }));
  });

  it("escapes all values", () => {
    const evil = planned({
      template: { containers: [{ name: "main", env: [{ name: "X", value: "<script>alert(1)</script>" }] }] },
    });
    const html = reportHtml([evil]);
    assert.doesNotMatch(html, /<script/);
    assert.match(html, /&lt;script&gt;/);
    assert.doesNotMatch(svg({ nodes: [{ id: "a", kind: "pods", title: "<b>", lines: [] }], edges: [] }, "x"), /<b>/);
  });
});
