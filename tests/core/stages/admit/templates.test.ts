import assert from "node:assert/strict";
import { specSchema } from "../../../../core/api/schemas.ts";
import { OWN } from "../../../../core/contract/behaviour.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { Json, JsonObject } from "../../../../core/kubernetes/json.ts";
import type { StructuralSchema } from "../../../../core/kubernetes/schema/schema.ts";
import { resolved } from "../../../../core/kubernetes/schema/structural.ts";
import { plan, planUntilRefused } from "../../../../core/plan.ts";
import { bundleOf, configsOf } from "../../../../core/platform/bundle.ts";
import { validateConfig } from "../../../../core/stages/admit/validate.ts";

/** A field of the spec, and its schema. A step in brackets is an item of a list, with its required key. */
interface Field {
  steps: readonly string[];
  node: StructuralSchema;
}

const DEEPEST = 7;

/** Every field of a schema, down to a depth; fields of one embedded type are only checked at its first place. */
function fieldsOf(schema: StructuralSchema): Field[] {
  const seen = new Set<string>();
  const walk = (written: StructuralSchema, steps: readonly string[]): Field[] => {
    const node = resolved(written);
    const own = steps.length === 0 ? [] : [{ steps, node }];
    const again = written.$ref !== undefined && seen.has(written.$ref) && steps.length > 3;
    if (again || steps.length >= DEEPEST) return own;
    if (written.$ref !== undefined) seen.add(written.$ref);
    const { properties = {}, additionalProperties, items } = node;
    return [
      ...own,
      ...Object.entries(properties).flatMap(([name, field]) => walk(field, [...steps, name])),
      ...(additionalProperties === undefined ? [] : walk(additionalProperties, [...steps, "key"])),
      ...(items === undefined ? [] : walk(items, [...steps, `[${keyOf(node, items)}]`])),
    ];
  };
  return walk(schema, []);
}

function keyOf(list: StructuralSchema, items: StructuralSchema): string {
  const named = resolved(items).properties?.["name"] === undefined ? "" : "name";
  return list["x-kubernetes-patch-merge-key"] ?? named;
}

/** A spec with one value at a field; items of lists get their keys. */
function specWith([step, ...rest]: readonly string[], value: Json): Json {
  if (step === undefined) return value;
  const inside = specWith(rest, value);
  if (!step.startsWith("[")) return { [step]: inside };
  const key = step.slice(1, -1);
  const isItem = typeof inside === "object" && inside !== null && key !== "";
  return [isItem ? { [key]: key.endsWith("Port") || key === "port" ? 8000 : "main", ...inside } : inside];
}

const pathOf = (steps: readonly string[]): string =>
  steps.reduce((path, step) => (step.startsWith("[") ? `${path}[0]` : `${path}.${step}`), "spec");

/** A value that no text can represent. */
const takesNoText = ({ type, format, ...node }: StructuralSchema): boolean =>
  type !== undefined && type !== "string" && format !== "quantity" && node["x-kubernetes-int-or-string"] !== true;

const { bundle } = bundleOf({}, { systemNamespace: "kserve", recorded: false });
const { configs: PRESETS } = configsOf(bundle);
const document = (kind: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind,
  metadata: { name, namespace: "team" },
  spec,
});
const BASE = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4" };

const FIELDS = fieldsOf(specSchema("LLMInferenceService", { dialect: "own" }));
const TEMPLATE = "{{ .Spec.Model.Name }}";

function planned(own: JsonObject, configs: readonly JsonObject[] = [], planning = plan as typeof planUntilRefused) {
  const service = document("LLMInferenceService", "chat", { ...BASE, ...own });
  return planning({ service, configs: [...PRESETS, ...configs] as never, settings: DEFAULT_SETTINGS });
}

interface Container {
  livenessProbe: { httpGet: JsonObject };
  resources: { limits: JsonObject };
}

describe("a text with a template", () => {
  const refusing = FIELDS.filter(({ node }) => takesNoText(node));

  it("is refused in a config at every field that cannot be a text, and accepted at every field that can", () => {
    assert.ok(refusing.length > 300 && FIELDS.length - refusing.length > 300);
    const wrong = FIELDS.filter(({ steps, node }) => {
      const spec = specWith(steps, TEMPLATE) as JsonObject;
      const { errors } = validateConfig(document("LLMInferenceServiceConfig", "base", spec), OWN);
      const refused = errors.some(({ code, path }) => code === "WrongType" && path === pathOf(steps));
      return refused !== takesNoText(node);
    });
    assert.deepEqual(
      wrong.map(({ steps }) => pathOf(steps)),
      [],
    );
  });

  it("is refused at a field that does not take a text, in a service and in a config", () => {
    for (const { steps } of refusing) {
      const spec = specWith(steps, TEMPLATE) as JsonObject;
      const config = document("LLMInferenceServiceConfig", "base", spec);
      const plans = [
        planned(spec, [], planUntilRefused),
        planned({ baseRefs: [{ name: "base" }] }, [config], planUntilRefused),
      ];
      for (const { issues, objects } of plans) {
        const at = pathOf(steps);
        assert.deepEqual(objects, [], at);
        assert.ok(
          issues.some(({ code }) => code === "WrongType"),
          `${at}: ${JSON.stringify(issues)}`,
        );
      }
    }
  });

  it("can become a quantity, a port name or a text in the objects", () => {
    const container = {
      name: "main",
      resources: { limits: { memory: '{{ "24Gi" }}' } },
      livenessProbe: { httpGet: { path: "/{{ .Spec.Model.Name }}", port: '{{ "http" }}' } },
      ports: [{ name: "http", containerPort: 8000 }],
    };
    const { issues, objects } = planned({ template: { containers: [container] } });
    assert.deepEqual(
      issues.filter(({ severity }) => severity === "error"),
      [],
    );
    const deployment = objects.find(({ kind }) => kind === "Deployment") as unknown as {
      spec: { template: { spec: { containers: Container[] } } };
    };
    const [main] = deployment.spec.template.spec.containers;
    assert.deepEqual(main?.livenessProbe.httpGet, { path: "/chat", port: "http", scheme: "HTTP" });
    assert.equal(main?.resources.limits["memory"], "24Gi");
  });

  it("explains why it is refused if the field is a mapping", () => {
    const { issues } = planned({ prefill: "{{ x }}" });
    assert.equal(issues[0]?.path, "spec.prefill");
    assert.match(issues[0]?.fix ?? "", /^write a mapping: a template always produces a text/);
  });
});
