import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { eventually } from "../../tools/cluster/client.ts";
import type { Cluster } from "../../tools/cluster/types.ts";

/** Makes a namespace, and waits until pods can run in it. */
export async function namespace(cluster: Cluster, name: string, labels: Record<string, string> = {}): Promise<void> {
  await cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }]);
  await eventually(`the ServiceAccount of ${name}`, async () => {
    const { status } = await cluster.request("GET", `/api/v1/namespaces/${name}/serviceaccounts/default`);
    return status === 200 ? true : undefined;
  });
}

/** The events of an operation of the engine. */
export async function eventsOf(
  run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  await run((event) => void events.push(event));
  return events;
}

/** The changes of a preview: type, operation and the fields that differ. */
export function changesOf(events: readonly EngineEvent[]): { type: string; op: string; fields: string[] }[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op }) => op !== "same")
    .map(({ type, op, detailedDiff }) => ({ type, op, fields: Object.keys(detailedDiff ?? {}) }));
}
