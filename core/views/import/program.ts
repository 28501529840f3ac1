import { COMPONENT_TYPE } from "../../contract/names.ts";
import { typeToken } from "../../kubernetes/token.ts";
import type { Adoption } from "./adoption.ts";

/** Files to write, by their name. */
export type Files = Record<string, string>;

/**
 * A Pulumi program that describes what runs, and the import file that adds it to the state. The resource names are
 * those with which the component registers its children, so their URNs stay when `pulumi up` runs after the import.
 */
export function programOf(namespace: string, adoptions: readonly Adoption[]): Files {
  const beside = adoptions.map((adoption): [string, string] => [
    `${nameOf(adoption)}.kserve.json`,
    json({ configs: adoption.configs, known: adoption.known, settings: adoption.settings }),
  ]);
  return {
    "Pulumi.yaml": `name: ${namespace}-llm\nruntime: { name: nodejs, options: { typescript: false } }\ndescription: The LLM services of the namespace ${namespace}, taken over from KServe.\n`,
    "package.json": json({
      name: `${namespace}-llm`,
      private: true,
      type: "module",
      main: "index.ts",
      dependencies: { "@pulumi/pulumi": "^3", "pulumi-kserve-llm": "*" },
    }),
    "index.ts": [HEAD, ...adoptions.map(serviceText)].join("\n"),
    "import.json": json({ resources: adoptions.flatMap(imports) }),
    ...Object.fromEntries(beside),
  };
}

const HEAD = `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LLMInferenceService, type LLMInferenceServiceArgs } from "pulumi-kserve-llm";

/** What KServe read from the cluster for a service: configs, known objects, settings. */
const readByKServe = (name: string): Pick<LLMInferenceServiceArgs, "configs" | "known" | "settings"> =>
  JSON.parse(readFileSync(join(import.meta.dirname, \`\${name}.kserve.json\`), "utf8"));
`;

function serviceText({ service, compat, adopt }: Adoption): string {
  const name = JSON.stringify(service.metadata.name);
  const args = {
    metadata: service.metadata,
    ...(compat !== undefined && { compat }),
    record: false,
    adopt,
    ...service.spec,
  };
  const fields = JSON.stringify(args, null, 2).split("\n").slice(1, -1).join("\n");
  return `new LLMInferenceService(${name}, {\n  ...readByKServe(${name}),\n${fields},\n});\n`;
}

/**
 * The component, which has no object in the cluster, and below it each object, of which the import reads the live
 * state.
 */
function imports(adoption: Adoption): object[] {
  const parent = nameOf(adoption);
  const runs = adoption.plan.objects.filter(
    (object) =>
      !adoption.differences.some(
        ({ path, kind, name }) => path === "" && kind === object.kind && name === object.metadata.name,
      ),
  );
  return [
    { type: COMPONENT_TYPE.service, name: parent, component: true },
    ...runs.map((object) => ({
      type: typeToken(object.apiVersion, object.kind),
      // A pool may run in two groups under one name.
      name: `${parent} ${object.apiVersion} ${object.kind} ${object.metadata.name}`,
      logicalName: `${parent}/${object.metadata.name}`,
      id: [object.metadata.namespace, object.metadata.name].filter(Boolean).join("/"),
      parent,
    })),
  ];
}

function nameOf({ service }: Adoption): string {
  return service.metadata.name;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
