import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import type { PendingOperation, StateResource } from "../../../../core/views/recovery/state.ts";
import { judge, judgeKept, STACK_MARK } from "../../../../core/views/recovery/verdict.ts";
import { deployment, live, STACK } from "./states.ts";

const MINE = { annotations: { [STACK_MARK]: STACK } };
const SINCE = new Date("2026-11-01T10:00:00Z");

function creating(annotations: Record<string, string> = { [STACK_MARK]: STACK }): PendingOperation {
  const resource = deployment("chat-kserve");
  const metadata = { name: "chat-kserve", namespace: "team", annotations };
  return { type: "creating", resource: { ...resource, inputs: { ...resource.inputs, metadata } } };
}

const operation = (type: string): PendingOperation => ({ type, resource: deployment("chat-kserve", { id: "team/x" }) });
const patch = (annotations: Record<string, string>): PendingOperation => {
  const { type, resource } = creating(annotations);
  return { type, resource: { ...resource, type: "kubernetes:core/v1:NamespacePatch" } };
};

describe("an operation that was interrupted", () => {
  const cases: [title: string, ReturnType<typeof judge>["action"], Omit<Parameters<typeof judge>[0], "stackSince">][] =
    [
      ["a create whose object is not there is dropped", "drop", { operation: creating(), live: undefined }],
      [
        "a create whose object has the stack's mark is adopted",
        "adopt",
        { operation: creating(), live: live("chat-kserve", "pulumi-kubernetes-1a2b", MINE) },
      ],
      [
        "a create whose object has another stack's mark is refused",
        "refuse",
        {
          operation: creating(),
          live: live("chat-kserve", "pulumi-kubernetes-1a2b", { annotations: { [STACK_MARK]: "a/b/c" } }),
        },
      ],
      [
        "a create whose object Pulumi made without the mark is refused, for ours has one",
        "refuse",
        { operation: creating(), live: live("chat-kserve", "pulumi-kubernetes-1a2b") },
      ],
      [
        "a create whose object kubectl made is refused",
        "refuse",
        { operation: creating(), live: live("chat-kserve", "kubectl-create", {}, "Update") },
      ],
      [
        "a refused object is adopted when the user takes it",
        "adopt",
        { operation: creating(), live: live("chat-kserve", "kubectl-create"), isForced: true },
      ],
      [
        "an unmarked create whose object Pulumi made is adopted",
        "adopt",
        { operation: creating({}), live: live("chat-kserve", "pulumi-kubernetes", {}, "Update") },
      ],
      [
        "an unmarked create whose object kubectl made is refused",
        "refuse",
        { operation: creating({}), live: live("chat-kserve", "kubectl") },
      ],
      [
        "an unmarked create whose object is older than the stack is refused",
        "refuse",
        {
          operation: creating({}),
          live: live("chat-kserve", "pulumi-kubernetes-1a2b", { creationTimestamp: "2026-10-01T10:00:00Z" }),
        },
      ],
      [
        "an unmarked create whose object another object owns is refused",
        "refuse",
        {
          operation: creating({}),
          live: live("chat-kserve", "pulumi-kubernetes-1a2b", {
            ownerReferences: [{ kind: "LLMInferenceService", name: "chat" }],
          }),
        },
      ],
      [
        "an unmarked create whose object has a stack's mark is refused",
        "refuse",
        { operation: creating({}), live: live("chat-kserve", "pulumi-kubernetes-1a2b", MINE) },
      ],
      [
        "a patch that was applied is adopted",
        "adopt",
        { operation: patch({ "pulumi.com/patchFieldManager": "ours" }), live: live("team", "ours") },
      ],
      [
        "a patch that was not applied is dropped",
        "drop",
        { operation: patch({ "pulumi.com/patchFieldManager": "ours" }), live: live("team", "kubectl") },
      ],
      ["an update is done again", "again", { operation: operation("updating"), live: live("chat-kserve", "x") }],
      [
        "an update of an object that is gone is forgotten",
        "forget",
        { operation: operation("updating"), live: undefined },
      ],
      [
        "a delete of an object that is gone is forgotten",
        "forget",
        { operation: operation("deleting"), live: undefined },
      ],
      [
        "a delete of an object that is still there leaves it in the state",
        "again",
        { operation: operation("deleting"), live: live("chat-kserve", "x") },
      ],
      ["a read is dropped", "drop", { operation: operation("reading"), live: undefined }],
    ];
  for (const [title, action, evidence] of cases) {
    it(title, () => {
      const verdict = judge({ ...evidence, stackSince: SINCE });
      assert.equal(verdict.action, action, verdict.why);
    });
  }

  it("is adopted under the field manager that applied it, so that no second manager owns the same fields", () => {
    const object = live("chat-kserve", "pulumi-kubernetes-1a2b", MINE);
    const adopted = judge({ operation: creating(), live: object, stackSince: undefined });
    assert.equal(adopted.manager, "pulumi-kubernetes-1a2b");
  });

  it("names the owner of an object that is refused", () => {
    const why = (object: ReturnType<typeof live>): string =>
      judge({ operation: creating(), live: object, stackSince: undefined }).why;
    assert.match(why(live("chat-kserve", "kubectl-create")), /^kubectl-create created it/);
    assert.match(
      why(live("chat-kserve", "x", { annotations: { [STACK_MARK]: "a/b/c" } })),
      /belongs to the stack a\/b\/c/,
    );
  });
});

describe("the verdict on an object that the state contains", () => {
  const MANAGER = "pulumi-kubernetes-1a2b";
  const modified = "2026-11-20T10:00:00.5Z";
  const kept = deployment("chat-kserve", { id: "team/chat-kserve", modified, outputs: { __fieldManager: MANAGER } });
  const changed = (time: string, manager = MANAGER, subresource = ""): KubernetesObject =>
    live("chat-kserve", manager, { managedFields: [{ manager, operation: "Apply", time, subresource }] });
  const cases: readonly [
    name: string,
    resource: StateResource,
    live: KubernetesObject | undefined,
    expected?: string,
  ][] = [
    ["is to forget it when the cluster does not contain it", kept, undefined, "forget"],
    ["is to update it again when the stack changed it later", kept, changed("2026-11-20T10:01:00Z"), "again"],
    ["is none when the last change is in the state", kept, changed("2026-11-20T10:00:00Z")],
    ["is none when the clocks differ by a second", kept, changed("2026-11-20T10:00:02Z")],
    ["is none when another manager changed it later", kept, changed("2026-11-20T10:01:00Z", "kubectl-edit")],
    ["is none when only its status changed later", kept, changed("2026-11-20T10:01:00Z", MANAGER, "status")],
    ["is none without a time in the state", { ...kept, modified: undefined }, changed("2026-11-20T10:01:00Z")],
    ["is none without a manager in the state", { ...kept, outputs: {} }, changed("2026-11-20T10:01:00Z")],
  ];
  for (const [name, resource, object, expected] of cases) {
    it(name, () => assert.equal(judgeKept(resource, object)?.action, expected));
  }
});
