import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { restore } from "../../components/inputs/restore.ts";
import { annotating } from "../../components/resources/register.ts";
import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { runMocked, Upstream, unknownOutput } from "./mocks.ts";
import { leavesOf, manifestsOf, type Path, type Scenario, scenarios, shown, withLeaf } from "./planted.ts";
import { prepareRemembered } from "./remembered.ts";

interface Reading {
  issues: readonly Issue[];
  /** The names and namespaces of the objects, as they are registered. */
  names: unknown[];
  inputs: unknown;
  values: unknown;
  /** The sources on which all of the objects depend. */
  dependsOn: readonly pulumi.Resource[];
  /** The sources of single values of them. */
  sources: readonly pulumi.Resource[];
}

async function read({ args, ...scenario }: Scenario): Promise<Reading> {
  const configs = manifestsOf({ args, ...scenario });
  const { deferred, result, issues } = await prepareRemembered({ ...args, ...(configs && { configs }) } as never);
  if (!isFine(issues)) return { issues, names: [], inputs: [], values: {}, dependsOn: [], sources: [] };
  const { objects, values, dependsOn } = restore(result, deferred, annotating(result.planning.planned.await));
  const inputs = objects.map((object) => object.inputs);
  const names = inputs.map(({ metadata }) => [metadata.name, metadata.namespace]);
  const sources = await pulumi.getAllResources(pulumi.output(inputs));
  return { issues, names, inputs: await shown(inputs), values: await shown(values), dependsOn, sources: [...sources] };
}

const all = scenarios().filter(({ platform }) => platform === undefined);
const where = ({ name }: Scenario, path: Path): string => `${name}: ${path.join(".")}`;

/** Runs a function for every leaf of every scenario, and collects the problems. */
async function wrongs(judge: (scenario: Scenario, path: Path) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const scenario of all) {
    const { args, configs = [] } = scenario;
    for (const path of leavesOf({ args, configs })) {
      const wrong = await judge(scenario, path).catch((error: Error) => [
        String(error.stack?.split("\n").slice(0, 3).join(" ")),
      ]);
      found.push(...wrong.map((one) => `${where(scenario, path)}: ${one}`));
    }
  }
  return found;
}

describe("a value of another resource at every leaf of every example", () => {
  it("that is known makes the same objects under the same names, and they depend on the resource", () =>
    runMocked(async () => {
      const upstream = new Upstream("upstream");
      const literal = new Map<Scenario, Reading>();
      for (const scenario of all) literal.set(scenario, await read(scenario));
      const found = await wrongs(async (scenario, path) => {
        const given = withLeaf(scenario, path, (value) => upstream.value.apply(() => value));
        const [now, before] = [await read(given), literal.get(scenario) ?? assert.fail()];
        assert.deepEqual(now.issues, before.issues);
        assert.deepEqual(now.names, before.names, "names are plain");
        assert.deepEqual([now.inputs, now.values], [before.inputs, before.values]);
        const depends = [...now.dependsOn, ...now.sources].includes(upstream);
        return depends ? [] : ["nothing depends on the resource"];
      });
      assert.deepEqual(found, []);
    }));

  it("that is unknown is one unknown leaf, or the error that names the field and the resource", () =>
    runMocked(
      async () => {
        const upstream = new Upstream("upstream");
        const found = await wrongs(async (scenario, path) => {
          const given = withLeaf(scenario, path, () => unknownOutput([upstream]));
          const { issues, names, inputs, values } = await read(given);
          const errors = issues.filter(({ severity }) => severity === "error");
          const others = errors.filter(
            ({ code, message }) => code !== "UnknownValue" || !message.includes("Upstream upstream"),
          );
          const text = JSON.stringify([names, inputs, values, issues]);
          return [
            ...others.map(({ code, path: at, message }) => `${code} ${at}: ${message}`),
            ...(/deferred-5f1c7e/.test(text) ? ["a token is seen"] : []),
          ];
        });
        assert.deepEqual(found, []);
      },
      { preview: true },
    ));
});
