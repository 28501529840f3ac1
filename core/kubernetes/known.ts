import { z } from "zod";
import { judge, withoutNulls } from "./contract/judge.ts";
import type { Issue } from "./errors.ts";
import { type KubernetesObject, objectKey, stringMap } from "./spec/kubernetes.ts";

/**
 * What the plan may look up: objects that exist in the cluster, as an explicit input. The same input gives the same plan.
 * `apiVersion` counts whole: an InferencePool of one group is not one of another.
 */
export class KnownObjects {
  readonly #byKey: ReadonlyMap<string, KubernetesObject>;

  constructor(objects: readonly KubernetesObject[] = []) {
    this.#byKey = new Map(objects.map((object) => [objectKey(object), object]));
  }

  get(apiVersion: string, kind: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#byKey.get(objectKey({ apiVersion, kind, metadata: { namespace, name } }));
  }

  /** All objects of a kind, in one namespace or in all, in the order in which they were given. */
  list(apiVersion: string, kind: string, namespace?: string): KubernetesObject[] {
    return [...this.#byKey.values()].filter(
      (object) =>
        object.apiVersion === apiVersion &&
        object.kind === kind &&
        (namespace === undefined || object.metadata.namespace === namespace),
    );
  }
}

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
});
const common = { apiVersion: z.string(), kind: z.string(), metadata };
const named = z.array(z.looseObject({ name: z.string().optional() })).optional();
const part = <Shape extends z.ZodRawShape>(shape: Shape): z.ZodType => z.looseObject(shape).nullish();
const text = z.string().nullish();

/** By kind, the parts of an object that a plan reads without looking at their types again. */
const READ: Readonly<Record<string, z.ZodRawShape>> = {
  ServiceAccount: { secrets: named, imagePullSecrets: named },
  Secret: { data: stringMap.optional(), stringData: stringMap.optional() },
  ConfigMap: { data: stringMap.optional() },
  LLMInferenceService: {
    spec: part({
      model: part({ name: text, lora: part({ adapters: named.nullable() }) }),
      router: part({
        route: part({ group: text, weight: z.number().nullish() }),
        scheduler: part({ pool: part({ ref: part({ name: text }) }) }),
      }),
    }),
    status: part({}),
  },
};
const OTHER = z.looseObject(common);
const SHAPES: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(READ).map(([kind, shape]) => [kind, z.looseObject({ ...common, ...shape })]),
);

/**
 * The objects that a plan can read. The API server has accepted what a cluster holds, so little is asked: a kind, a name, and the
 * types of what the plan reads. An object without them counts as not known, and a warning names it.
 */
export function readKnown(
  objects: readonly unknown[],
  layer: string,
): { known: readonly KubernetesObject[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const known = objects.flatMap((given, index): KubernetesObject[] => {
    const object = withoutNulls(given, 1);
    const kind = (object as { kind?: unknown } | null | undefined)?.kind;
    const shape = (typeof kind === "string" ? SHAPES.get(kind) : undefined) ?? OTHER;
    const found = judge(shape, object, { path: ["known", index], layer });
    issues.push(...found.map(ignored));
    return found.length === 0 ? [object as KubernetesObject] : [];
  });
  return { known, issues };
}

function ignored(issue: Issue): Issue {
  return { ...issue, severity: "warning", message: `${issue.message}; the plan ignores this object` };
}
