import { z } from "zod";
import { stringMap } from "../../api/atoms.ts";
import { formatPath } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { rememberingOf } from "../../kubernetes/remember.ts";
import type { Issue } from "../issues/issue.ts";
import { judge, withoutNulls } from "./judge.ts";
import { treeProblem } from "./tree.ts";

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
  uid: z.string().optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(z.looseObject({ uid: z.string().optional() })).optional(),
});

const common = { apiVersion: z.string(), kind: z.string(), metadata };

const named = z.array(z.looseObject({ name: z.string().optional() })).optional();

const part = <Shape extends z.ZodRawShape>(shape: Shape): z.ZodType => z.looseObject(shape).nullish();

const text = z.string().nullish();

const CACHE = { spec: part({ sourceModelUri: text, nodeGroups: z.array(z.string()).nullish() }) };

/** By kind, the parts of an object that a plan reads without looking at their types again. */
const READ: Readonly<Record<string, z.ZodRawShape>> = {
  ServiceAccount: { secrets: named, imagePullSecrets: named },
  Secret: { data: stringMap.optional(), stringData: stringMap.optional() },
  ConfigMap: { data: stringMap.optional() },
  LocalModelCache: CACHE,
  LocalModelNamespaceCache: CACHE,
  LLMInferenceService: {
    spec: part({
      model: part({ name: text, lora: part({ adapters: named.nullable() }) }),
      router: part({
        route: part({ group: text, weight: z.number().nullish() }),
        scheduler: part({ pool: part({ ref: part({ name: text }) }) }),
      }),
    }),
    status: part({ annotations: stringMap.nullish() }),
  },
};

const OTHER = z.looseObject(common);

const SHAPES: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(READ).map(([kind, shape]) => [kind, z.looseObject({ ...common, ...shape })]),
);

/**
 * The objects that a plan can read. The API server has accepted the objects of a cluster, so only a kind, a name, and
 * the types of the fields that the plan reads are required. An object without them counts as unknown, and a warning
 * names it.
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
    const found = [
      ...notTree(given, ["known", index], layer),
      ...judge(shape, object, { path: ["known", index], layer }),
    ];
    issues.push(...found.map((issue) => ignored(kind === "Secret" ? withoutValue(issue) : issue)));
    return found.length === 0 ? [object as KubernetesObject] : [];
  });
  return { known, issues };
}

/** Looked for once: the objects of a cluster come with every plan of a program. */
const problemOf = rememberingOf((object: object) => ({ found: treeProblem(object) }));

/** An object that contains itself, or is too deep to be one of a cluster. */
function notTree(given: unknown, path: readonly (string | number)[], layer: string): Issue[] {
  const found = typeof given === "object" && given !== null ? problemOf(given).found : undefined;
  if (found === undefined) return [];
  const at = [formatPath(path), found.path].filter((part) => part !== "").join(".");
  return [{ ...found, path: at, code: "UnreadableInput", severity: "error", layer }];
}

/** The content of a Secret is not shown, whatever its type is. */
function withoutValue(issue: Issue): Issue {
  if (issue.code !== "WrongType") return issue;
  return { ...issue, message: "the value has another type than the field" };
}

function ignored(issue: Issue): Issue {
  return { ...issue, severity: "warning", message: `${issue.message}; the plan ignores this object` };
}
