import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { type Overlay, overlaid } from "../../kubernetes/schema/overlay.ts";
import type { Dialect } from "../deviations.ts";
import { type DocumentKind, specSchema } from "../schemas.ts";
import { GROUP } from "../service.ts";
import { decoded } from "./decoded.ts";
import { type ExpandOptions, expand } from "./expand.ts";

export interface CrdOptions {
  /**
   * The CRDs of a release of KServe, including pod templates and mistakes: only to compare verdicts, never to install.
   */
  dialect?: Dialect;
}

/** The differences between the two kinds. */
interface Names {
  kind: DocumentKind;
  plural: string;
  shortNames?: string[];
  about: string;
  columns: readonly Column[];
}
interface Column {
  name: string;
  type: string;
  jsonPath: string;
  priority?: number;
}

const READY: readonly Column[] = [
  { name: "Ready", type: "string", jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
  { name: "Reason", type: "string", jsonPath: ".status.conditions[?(@.type=='Ready')].reason" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

const KINDS: readonly Names[] = [
  {
    kind: "LLMInferenceService",
    plural: "llminferenceservices",
    shortNames: ["llmisvc"],
    about: "A large language model that is served.",
    columns: [
      { name: "URL", type: "string", jsonPath: ".status.url" },
      ...READY,
      { name: "URLs", type: "string", jsonPath: ".status.addresses[*].url", priority: 1 },
    ],
  },
  {
    kind: "LLMInferenceServiceConfig",
    plural: "llminferenceserviceconfigs",
    about: "A part of a service that several services build on (baseRefs), templates included.",
    columns: READY,
  },
];

/**
 * The CustomResourceDefinitions, made from the zod schemas; the same bytes every time. Pod templates are open: the
 * layers of a service hold any part of a PodSpec, and the plan judges them. Names, short names and columns are those of
 * KServe v0.20.0, so that its objects and tools keep working; only v1alpha2 is served.
 */
export function crds({ dialect = "own" }: CrdOptions = {}): [KubernetesObject, KubernetesObject] {
  const [service, config] = KINDS.map((names) => crd(names, dialect));
  return [service, config] as [KubernetesObject, KubernetesObject];
}

function crd({ kind, plural, shortNames, about, columns }: Names, dialect: Dialect): KubernetesObject {
  const singular = kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames && { shortNames }) },
      scope: "Namespaced",
      versions: [
        {
          name: "v1alpha2",
          served: true,
          storage: true,
          additionalPrinterColumns: columns,
          subresources: { status: {} },
          schema: { openAPIV3Schema: documentSchema(kind, about, dialect) },
        },
      ],
    },
  };
}

function documentSchema(kind: DocumentKind, about: string, dialect: Dialect): Record<string, unknown> {
  const isOwn = dialect === "own";
  const options: ExpandOptions = { open: isOwn ? OPEN : NONE, dropped: OUR_KEYWORDS };
  const written = specSchema(kind, { dialect });
  // KServe's CRD judges configs as they are written.
  const taken = kind === "LLMInferenceService" ? decoded(written, options.open) : written;
  const spec = isOwn ? overlaid(taken, ADAPTER_NAMES) : taken;
  return {
    description: about,
    type: "object",
    ...(kind === "LLMInferenceService" && isOwn && { required: ["spec"] }),
    properties: {
      apiVersion: { type: "string", description: "Version of this object's schema." },
      kind: { type: "string", description: "Kind of this object." },
      metadata: { type: "object" },
      spec: expand(spec, options),
      status: STATUS,
    },
  };
}

/**
 * The rule about an adapter's name as a pattern: in CEL, names of any length would exceed the API server's cost limit.
 */
const ADAPTERS = "model.lora.adapters[]";
const ADAPTER_NAMES: readonly Overlay[] = [
  { at: ADAPTERS, set: { "x-kubernetes-validations": undefined } },
  { at: `${ADAPTERS}.name`, set: { pattern: "^([^.].*|[.][^.].*|[.][.].+|)$" } },
];

const NONE: ReadonlySet<string> = new Set();
const OPEN: ReadonlySet<string> = new Set(["PodSpec"]);
const OUR_KEYWORDS: ReadonlySet<string> = new Set(["x-kubernetes-patch-merge-key", "x-kubernetes-patch-strategy"]);

const CONDITION = {
  type: "object",
  required: ["type", "status"],
  properties: {
    type: { type: "string" },
    status: { type: "string" },
    reason: { type: "string" },
    message: { type: "string" },
    severity: { type: "string" },
    lastTransitionTime: { type: "string" },
  },
};
/** A controller, if there is one, writes the status; it is open for the fields of other versions. */
const STATUS = {
  description: "Observed state.",
  type: "object",
  "x-kubernetes-preserve-unknown-fields": true,
  properties: {
    url: { type: "string" },
    addresses: {
      type: "array",
      items: {
        type: "object",
        "x-kubernetes-preserve-unknown-fields": true,
        properties: { url: { type: "string" } },
      },
    },
    observedGeneration: { type: "integer", format: "int64" },
    conditions: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: CONDITION,
    },
  },
};
