import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { withFolder } from "./engine.ts";
import { openProgram, openWorkshop, renderedBy, type Workshop } from "./languages.ts";
import { configure } from "./stack.ts";

/** A resource as the state has it. */
interface State {
  urn: string;
  type: string;
  parent?: string;
  provider?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  dependencies?: string[];
  customTimeouts?: { create?: number };
}

for (const language of ["library", "typescript"] as const) {
  describe(`options of a component, applied by the engine, ${language === "library" ? "in the library" : "remotely"}`, () => {
    let workshop: Workshop;
    before(async () => {
      workshop = await openWorkshop();
    });

    it("apply to all objects of the component", () =>
      withFolder(async (folder) => {
        const stack = await openProgram(folder, `tests/e2e/programs/options/${language}`, language, workshop);
        await stack.up();
        const states = await statesOf(stack);
        const children = states.filter(({ parent }) => /LLMInferenceService::talk$/.test(parent ?? ""));
        assert.ok(children.length >= 2);
        for (const { urn, provider, protect, retainOnDelete } of children) {
          assert.match(provider ?? "", /pulumi:providers:kubernetes::rendering::/, urn);
          assert.ok(protect && retainOnDelete, urn);
        }
        const service = states.find(({ urn }) => urn.endsWith("LLMInferenceService::talk"));
        assert.match(service?.parent ?? "", /test:index:Team::team$/);

        const position = (end: string): number => states.findIndex(({ urn }) => urn.endsWith(end));
        for (const { urn } of children) {
          assert.ok(position("::upstream") < position(urn), `${urn} comes after what the service depends on`);
          assert.ok(position(urn) < position("::after"), `${urn} comes before what depends on the service`);
        }
        const deployment = children.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
        assert.equal(deployment?.customTimeouts?.create, 45 * 60);
        const files = Object.entries(renderedBy(folder, language));
        const rendered = files.filter(([name]) => name.includes("-service-"));
        assert.equal(rendered.length, 1);
        for (const [, text] of rendered) assert.match(text, /seen: by-a-transform/);

        await configure(stack, { renamed: "true" });
        const changes: string[] = [];
        await stack.preview({
          onEvent: ({ resourcePreEvent }) => {
            const { op = "same", urn = "" } = resourcePreEvent?.metadata ?? {};
            if (op !== "same") changes.push(`${op} ${urn}`);
          },
        });
        assert.deepEqual(changes, [], "a new name with an alias changes nothing");
      }));
  });
}

async function statesOf(stack: Stack): Promise<State[]> {
  const { deployment } = await stack.exportStack();
  return (deployment as { resources: State[] }).resources;
}
