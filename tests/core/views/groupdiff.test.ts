import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../core/kubernetes/objects.ts";
import { entryOf } from "../../../core/kubernetes/table.ts";
import { labelsIn, templatesOf, workloadsOf } from "../../../core/kubernetes/workloads/workloads.ts";
import { diffObjects } from "../../../core/views/diff/diff.ts";
import { impactOf } from "../../../core/views/diff/impact.ts";
import { objectsOf, TRANSITIONS } from "./transitions.ts";

/** The pods to which the pool and the Service of some objects send requests, by the names of their workloads. */
function served(routing: readonly KubernetesObject[], running: readonly KubernetesObject[]): string[][] {
  const selectors = routing.flatMap((object) => {
    const { selector } = (object["spec"] ?? {}) as { selector?: { matchLabels?: object } };
    if (object.kind === "InferencePool") return [labelsIn(selector?.matchLabels)];
    return object.kind === "Service" && object.metadata.name.endsWith("workload-svc") ? [labelsIn(selector)] : [];
  });
  const isSelected = (wanted: Record<string, string>, object: KubernetesObject): boolean =>
    templatesOf(object).some(({ labels }) =>
      Object.entries(wanted).every(([key, value]) => entryOf(labels, key) === value),
    );
  const workloads = workloadsOf(running).map(({ object }) => object);
  return selectors.map((wanted) =>
    workloads.filter((object) => isSelected(wanted, object)).map(({ metadata }) => metadata.name),
  );
}

describe("the change between services with and without groups or sets", () => {
  for (const { title, specs, workloads, gpus } of TRANSITIONS) {
    const [before, after] = [objectsOf(specs[0]), objectsOf(specs[1])];
    const impact = impactOf(before, after);

    it(`is shown by a diff before it happens: ${title}`, () => {
      const found = impact.workloads.filter(({ change }) => change !== "update");
      assert.deepEqual(
        found.map(({ change, object }) => `${change} ${object.name}`),
        workloads,
      );
      const { before: earlier, after: later, peak, lost } = impact.gpus;
      assert.deepEqual({ before: earlier, after: later, peak, lost }, gpus);
    });

    it(`leaves route, pool and Service as they are, and they select old and new pods: ${title}`, () => {
      const changed = diffObjects(before, after).map(({ object }) => object.kind);
      for (const kind of ["HTTPRoute", "InferencePool", "Service"]) assert.ok(!changed.includes(kind), kind);
      const [pool, service, ...more] = [...served(after, before), ...served(before, after)];
      assert.equal(more.length, 2);
      for (const pods of [pool, service, ...more]) assert.ok(pods !== undefined && pods.length > 0);
    });
  }
});
