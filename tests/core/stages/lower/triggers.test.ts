import assert from "node:assert/strict";
import type { DefaultTrigger } from "../../../../core/contract/lowering.ts";
import { lower } from "../../../../core/stages/lower/lower.ts";
import { deepFreeze } from "../merge/freeze.ts";

const prometheus = {
  url: "http://prometheus:9090",
  tlsInsecureSkipVerify: false,
  authModes: "",
  triggerAuthName: "",
  triggerAuthKind: "",
};
const triggers: readonly DefaultTrigger[] = [
  { name: "queue", query: 'sum(q{namespace="$namespace",service="$scheduler"})', threshold: "1" },
  { name: "waiting", query: 'sum(w{pod=~"$pods"})', threshold: "2" },
];
const scaled = (keda: unknown) => ({ scaling: { maxReplicas: 4, keda } });

function lowered(spec: object, context: object = { triggers, prometheus }) {
  const { document, issues } = lower(deepFreeze({ spec: { model: { uri: "hf://a/b" }, ...spec } }), "service", context);
  return { spec: (document as { spec: Record<string, unknown> }).spec, issues };
}
type Trigger = { name: string; metadata: Record<string, string>; authenticationRef?: object };
type Filled = { scaling: { keda: { triggers: Trigger[] } } };
const filledOf = (workload: unknown) => (workload as Filled).scaling.keda.triggers;

describe("KEDA without triggers", () => {
  it("scales by the triggers of the stack, with names that are expanded for each service", () => {
    const { spec, issues } = lowered(scaled({ pollingInterval: 15 }));
    assert.deepEqual(issues, []);
    const [queue, waiting] = filledOf(spec);
    assert.deepEqual(queue, {
      type: "prometheus",
      name: "queue",
      metadata: {
        serverAddress: prometheus.url,
        query:
          'sum(q{namespace="{{ .ObjectMeta.Namespace }}",service="{{ ChildName .ObjectMeta.Name `-epp-service` }}"})',
        threshold: "1",
      },
    });
    const pods =
      "{{ ChildName .ObjectMeta.Name `-kserve` }}-[a-z0-9]+-[a-z0-9]+|{{ ChildName .ObjectMeta.Name `-kserve-mn` }}-[0-9]+(-[0-9]+)?";
    assert.equal(waiting?.metadata["query"], `sum(w{pod=~"${pods}"})`);
    assert.equal((spec["scaling"] as { keda: { pollingInterval: number } }).keda.pollingInterval, 15);
  });

  it("queries the pods of prefill in prefill", () => {
    const { spec } = lowered({ prefill: scaled({}) });
    assert.match(filledOf(spec["prefill"])[1]?.metadata["query"] ?? "", /`-kserve-prefill`.*`-kserve-mn-prefill`/);
  });

  it("queries Prometheus as the settings configure", () => {
    const secured = { ...prometheus, tlsInsecureSkipVerify: true, authModes: "bearer", triggerAuthName: "auth" };
    const { spec } = lowered(scaled({}), { triggers, prometheus: secured });
    const [queue] = filledOf(spec);
    assert.deepEqual(queue?.authenticationRef, { name: "auth" });
    assert.deepEqual([queue?.metadata["unsafeSsl"], queue?.metadata["authModes"]], ["true", "bearer"]);
  });

  it("is refused if the stack has no default triggers, or the settings name no Prometheus", () => {
    const path = "spec.scaling.keda.triggers";
    for (const context of [{ prometheus }, { triggers }, { triggers, prometheus: { ...prometheus, url: "" } }]) {
      const { issues } = lowered(scaled({}), context);
      assert.deepEqual(
        issues.map((issue) => `${issue.code} ${issue.path}`),
        [`MissingField ${path}`],
      );
    }
  });

  it("is left as it is if triggers are written, or if the variant autoscaler decides", () => {
    const own = scaled({ triggers: [{ type: "cpu", metadata: { value: "60" } }] });
    assert.deepEqual(lowered(own).spec["scaling"], own.scaling);
    const wva = { scaling: { maxReplicas: 4, wva: { keda: {} } } };
    assert.deepEqual(lowered(wva).spec["scaling"], wva.scaling);
  });
});
