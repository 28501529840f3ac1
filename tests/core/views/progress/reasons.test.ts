import assert from "node:assert/strict";
import {
  type ContainerState,
  formatReason,
  type PodState,
  reasonsOf,
} from "../../../../core/views/progress/reasons.ts";

const unscheduled = (message: string) => [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];

function pod(name: string, status: PodState["status"], deletionTimestamp?: string): PodState {
  return { metadata: { name, ...(deletionTimestamp && { deletionTimestamp }) }, status };
}

function running(name: string, container: Omit<ContainerState, "name">): PodState {
  return pod(name, { phase: "Running", containerStatuses: [{ name: "main", ...container }] });
}

const linesOf = (...pods: PodState[]): string[] => reasonsOf(pods).map(formatReason);

describe("reasons of pods", () => {
  it("the scheduler's message, once for all pods with this message", () => {
    const conditions = unscheduled("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.");
    const pods = ["a", "b", "c"].map((name) => pod(name, { phase: "Pending", conditions }));
    assert.deepEqual(linesOf(...pods), [
      "pods a, b and 1 more: cannot be scheduled (Unschedulable): 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
    ]);
  });

  it("an image that cannot be pulled, with the registry's answer", () => {
    const waiting = { reason: "ErrImagePull", message: "manifest unknown" };
    assert.deepEqual(linesOf(running("a", { state: { waiting } })), [
      "pod a: container main waits (ErrImagePull): manifest unknown",
    ]);
  });

  it("a crash loop, with the exit of the container and without the kubelet's changing message", () => {
    const state = { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container" } };
    const lastState = { terminated: { exitCode: 1, reason: "Error", message: "KeyError: 'flag'\n" } };
    assert.deepEqual(linesOf(running("a", { state, lastState, restartCount: 3 })), [
      "pod a: container main waits (CrashLoopBackOff) after exit code 1: KeyError: 'flag'",
    ]);
  });

  it("a container that was killed for its memory, while it runs again", () => {
    const lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    assert.deepEqual(linesOf(running("a", { lastState, restartCount: 1 })), [
      "pod a: container main was restarted after exit code 137 (OOMKilled)",
    ]);
  });

  it("an initializer that failed", () => {
    const failed = { name: "storage-initializer", state: { terminated: { exitCode: 2, message: "no such bucket" } } };
    assert.deepEqual(linesOf(pod("a", { phase: "Pending", initContainerStatuses: [failed] })), [
      "pod a: container storage-initializer ended with exit code 2: no such bucket",
    ]);
  });

  it("no reason for pods that start, run, are done or are being deleted", () => {
    const onItsWay = running("a", { state: { waiting: { reason: "ContainerCreating" } } });
    const gone = pod("d", { phase: "Pending", conditions: unscheduled("no room") }, "2026-01-01T00:00:00Z");
    const done = pod("c", { phase: "Succeeded", containerStatuses: [{ name: "main", restartCount: 0 }] });
    assert.deepEqual(linesOf(onItsWay, running("b", { restartCount: 0 }), done, gone), []);
  });
});
