import { z } from "zod";
import { specSchema } from "../../../../core/api/schemas.ts";
import { serviceShorthands, shorthands } from "../../../../core/api/shorthands/shorthands.ts";
import type { StructuralSchema } from "../../../../core/kubernetes/schema/schema.ts";
import { resolved } from "../../../../core/kubernetes/schema/structural.ts";

export type Path = readonly (string | number)[];

/** A field of a spec that contains no other fields. */
export interface Leaf {
  path: Path;
  /** Pairs of valid values with different effects; the service has the first. */
  values: readonly unknown[];
  /** What must be set next to it, or next to its parents. */
  beside: readonly { path: Path; value: unknown }[];
}

/** Only zod describes shorthands, and only they have alternatives. */
type Schema = StructuralSchema & { anyOf?: readonly Schema[]; const?: unknown };

const schemaOf = (fields: z.ZodRawShape): Schema =>
  z.toJSONSchema(z.strictObject(fields), { io: "input", unrepresentable: "any" }) as Schema;

/** Everything that a service may write: KServe's fields, the types that they embed, and the shorthands. */
export function leavesOfService(): Leaf[] {
  return [
    ...leavesOf(specSchema("LLMInferenceService", { dialect: "own" })),
    ...leavesOf(schemaOf(serviceShorthands)),
    ...leavesOf(schemaOf(shorthands), ["prefill"]),
  ];
}

function leavesOf(schema: Schema, path: Path = [], beside: Leaf["beside"] = []): Leaf[] {
  const { items, properties, anyOf, required = [], ...rest } = resolved(schema) as Schema;
  if (anyOf !== undefined) return anyOf.flatMap((one) => leavesOf(one, path, beside));
  if (items !== undefined) return leavesOf(items, [...path, 0], beside);
  if (isLeaf(properties)) return [{ path, values: valuesOf(path, rest), beside }];
  return Object.entries(properties).flatMap(([name, field]) => {
    const needed = required.filter((other) => other !== name);
    const others = needed.flatMap((other) => samplesOf(properties[other] ?? {}, [...path, other]));
    return leavesOf(field, [...path, name], [...beside, ...others]);
  });
}

/** Scalars, maps, and objects that take any field. */
function isLeaf(properties: Schema["properties"]): properties is undefined {
  return Object.keys(properties ?? {}).length === 0;
}

/** The minimal value of a required field. */
function samplesOf(schema: Schema, path: Path): Leaf["beside"] {
  const { items, properties, required = [], ...rest } = resolved(schema) as Schema;
  if (items !== undefined) return samplesOf(items, [...path, 0]);
  if (isLeaf(properties)) return [{ path, value: valuesOf(path, rest)[0] }];
  if (required.length === 0) return [{ path, value: {} }];
  return required.flatMap((name) => samplesOf(properties[name] ?? {}, [...path, name]));
}

function valuesOf(path: Path, schema: Schema): readonly unknown[] {
  const dotted = path.join(".");
  const [, named] = BY_PATH.find(([pattern]) => pattern.test(dotted)) ?? [];
  if (named !== undefined) return named;
  const { type, format, enum: choices, additionalProperties } = schema;
  if (schema.const !== undefined) return [schema.const];
  if (choices !== undefined) return choices;
  if (format === "quantity") return ["20Gi", "30Gi"];
  if (format === "int-or-string" || schema["x-kubernetes-int-or-string"]) return [7, "8"];
  if (type === "integer") return [2, 3, 1];
  if (type === "number") return [0.5, 0.25];
  if (type === "boolean") return [true, false];
  if (type === "string") return ["abc", "def"];
  if (additionalProperties === undefined || Object.keys(additionalProperties).length === 0) return [{ any: "thing" }];
  return valuesOf(path, resolved(additionalProperties)).map((value) => ({ "a.b/c": value }));
}

/** Fields whose value must have a form that their schema does not define, the first that matches. */
const BY_PATH: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/(^|\.)uri$/, ["hf://facebook/opt-350m", "hf://facebook/opt-125m"]],
  [/variantCost$/, ["3.5", "4"]],
  [/resourceId$/, ["kbs:///models/keys/a", "kbs:///models/keys/b"]],
  [/storageInitializer\.enabled$/, [false, true]],
  [/ucxTransports\.0$/, ["rc", "tcp"]],
  [/devices\.0$/, ["mlx5_0", "mlx5_1"]],
  [/config\.inline$/, ["max-score-picker", "random-picker"].map((type) => ({ plugins: [{ type }] }))],
  [/(template|worker)\.containers\.0\.name$/, ["main", "other"]],
  [/(^|\.)(data|dataParallelSize)$/, [2, 4, 6]],
  [/Cache\.size$/, ["20Gi", "30Gi"]],
  [/^(prefill\.)?accelerator$/, ["nvidia-l4", "nvidia-h200-141gb"]],
  [/accelerator\.resource$/, ["nvidia.com/gpu", "amd.com/gpu"]],
  [/(^|\.)unset\.0$/, ["template.terminationGracePeriodSeconds"]],
  [/(^|\.)unsetArgs\.0$/, ["--port"]],
  [/argsMerge$/, ["replace", "flags"]],
  [/interval$/, ["15s", "1m"]],
  [/(maxUnavailable|minAvailable|maxSurge)$/, [2, 3]],
  [/cidr$/, ["10.0.0.0/8", "10.0.0.0/16"]],
  [/except\.0$/, ["10.0.1.0/24", "10.0.2.0/24"]],
  [/matchExpressions\.0\.operator$/, ["Exists", "DoesNotExist"]],
  [/(imagePullPolicy|pullPolicy)$/, ["Always", "Never"]],
  [/dnsPolicy$/, ["Default", "ClusterFirst"]],
  [/preemptionPolicy$/, ["Never", "PreemptLowerPriority"]],
  [/terminationMessagePolicy$/, ["File", "FallbackToLogsOnError"]],
  [/(seccompProfile|appArmorProfile)\.type$/, ["RuntimeDefault", "Unconfined"]],
  [/fsGroupChangePolicy$/, ["Always", "OnRootMismatch"]],
  [/supplementalGroupsPolicy$/, ["Merge", "Strict"]],
  [/\.os\.name$/, ["linux"]],
  [/(nameservers\.0|hostAliases\.0\.ip)$/, ["10.0.0.1", "10.0.0.2"]],
  [/scheme$/, ["HTTP", "HTTPS"]],
  [/protocol$/, ["TCP", "UDP"]],
  [/whenUnsatisfiable$/, ["DoNotSchedule", "ScheduleAnyway"]],
  [/(nodeAffinityPolicy|nodeTaintsPolicy)$/, ["Honor", "Ignore"]],
  [/(nodeName|key)$/, ["abc", "def"]],
  [/fieldPath$/, ["metadata.name", "metadata.namespace"]],
  [/resourceFieldRef\.resource$/, ["limits.cpu", "limits.memory"]],
  [/divisor$/, ["1"]],
  [/overhead$/, [{ cpu: "1" }, { cpu: "2" }]],
  [/resources\.(limits|requests)$/, [{ cpu: "1" }, { cpu: "2" }]],
  [/mountPath$/, ["/abc", "/def"]],
  [/hostPath\.type$/, ["Directory", "File"]],
  [/nfs\.path$/, ["/abc", "/def"]],
  [/expirationSeconds$/, [3600, 7200]],
  [/rdma\.resource$/, ["rdma/hca", "rdma/roce"]],
  [
    /tolerations\.0$/,
    [
      { key: "abc", operator: "Exists" },
      { key: "def", operator: "Exists" },
    ],
  ],
];
