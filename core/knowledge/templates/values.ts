import { asText, isObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { type Field, type TypeInfo, typeNamed, URI } from "../../kubernetes/patch/schema.ts";
import { rememberingOf } from "../../kubernetes/remember.ts";
import { entryOf } from "../../kubernetes/table.ts";

/**
 * A value as a Go template sees it: JSON plus what Go's types add: the struct's type (so that a missing field is an
 * error), and whether it is reached through a pointer (so that it can be nil, and is true if it is not).
 */
export interface Value {
  json: Json | undefined;
  /** A struct type of {@link typeNamed}, or one of the tables here; undefined for scalars, lists and maps. */
  type?: string;
  pointer: boolean;
  shape: Field["shape"];
  /** Type and key of the items of a list or map. */
  items?: string;
}

/** A template reads a missing value, or uses a value in a way that its type does not permit. */
export class TemplateValueError extends Error {
  readonly fix: string;

  constructor(message: string, fix = "correct the action, or the field that it reads") {
    super(message);
    this.fix = fix;
  }
}

/** The fix for an action that reads what is not set. */
export const GUARD = "guard the action with {{ if }}, or set the field";

export const ROOT = "template data";
const METADATA = "ObjectMeta";
const GLOBAL_CONFIG = "GlobalConfig";

/** Structs that only templates see. Fields that the embedded LLMInferenceService promotes also belong to the root. */
const OWN_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [ROOT]: {
    ObjectMeta: "metadata",
    Spec: "spec",
    GlobalConfig: "globalConfig",
    Kind: "kind",
    APIVersion: "apiVersion",
  },
  [METADATA]: {
    Name: "name",
    Namespace: "namespace",
    Labels: "labels",
    Annotations: "annotations",
    GenerateName: "generateName",
    UID: "uid",
  },
  [GLOBAL_CONFIG]: {
    SystemNamespace: "systemNamespace",
    IngressGatewayName: "ingressGatewayName",
    IngressGatewayNamespace: "ingressGatewayNamespace",
    EnableTLS: "enableTLS",
    ModelBasedRoutingHeaderName: "modelBasedRoutingHeaderName",
    InferencePoolNamespacedName: "inferencePoolNamespacedName",
  },
};
const TYPE_OF_OWN: Readonly<Record<string, string>> = {
  metadata: METADATA,
  spec: "LLMInferenceServiceSpec",
  globalConfig: GLOBAL_CONFIG,
};
/** Go names that differ from the capitalised JSON name. */
const GO_NAMES: Readonly<Record<string, string>> = {
  cpu: "CPU",
  dataRPCPort: "DataRPCPort",
  dnsConfig: "DNSConfig",
  dnsPolicy: "DNSPolicy",
  hostIP: "HostIP",
  hpa: "HPA",
  http: "HTTP",
  httpGet: "HTTPGet",
  ip: "IP",
  keda: "KEDA",
  kvCacheOffloading: "KVCacheOffloading",
  lora: "LoRA",
  pvc: "PVC",
  tcpSocket: "TCPSocket",
  tty: "TTY",
  uri: "URI",
  url: "URL",
  wva: "WVA",
  grpc: "GRPC",
  clusterIP: "ClusterIP",
  gpu: "GPU",
  fsGroup: "FSGroup",
  seLinuxOptions: "SELinuxOptions",
  setHostnameAsFQDN: "SetHostnameAsFQDN",
  os: "OS",
};
/** Scalars without a pointer whose zero is not the empty string. */
const FALSE_FIELDS = [
  "expert",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "stdin",
  "stdinOnce",
  "tty",
  "readOnly",
  "enabled",
];
const ZERO_FIELDS = ["maxReplicas", "hostPort", "containerPort", "timeoutSeconds", "periodSeconds", "failureThreshold"];

export function scalar(json: Json): Value {
  return { json, pointer: false, shape: "scalar" };
}

/** A field of a value, by its Go name; `chain` is the template's text for it. */
export function fieldOf(value: Value, name: string, chain: string): Value {
  if (value.json === undefined || value.json === null) {
    if (value.pointer || value.type === undefined) {
      throw new TemplateValueError(`${chain}: nil pointer evaluating ${value.type ?? "nil"}.${name}`, GUARD);
    }
  }
  if (value.type === URI) return scalar(uriPart(asText(value.json), value, name, chain));
  const holder = isObject(value.json) ? value.json : {};
  if (value.shape === "map") return mapEntry(value, holder, name, chain);
  const own = value.type === undefined ? undefined : entryOf(OWN_TYPES, value.type);
  if (own !== undefined) return ownField(value, own, holder, name, chain);
  const type = typeNamed(value.type);
  const found = type && byGoName(type).get(name);
  if (found === undefined) throw missing(value, name, chain);
  return typedField(holder, ...found);
}

/** The parts of a URL that are fields of Go's url.URL, and its method String. */
function uriPart(uri: string, value: Value, name: string, chain: string): string {
  const parts = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(uri) ?? [];
  const [, Scheme = "", Host = "", Path = "", RawQuery = "", Fragment = ""] = parts;
  const part = entryOf({ Scheme, Host, Path, RawQuery, Fragment, String: uri }, name);
  if (part === undefined) throw missing(value, name, chain);
  return part;
}

/** The fields of a type by their Go names, each with its name in JSON. */
const byGoName = rememberingOf((type: TypeInfo): ReadonlyMap<string, [json: string, field: Field]> => {
  const fields = new Map<string, [json: string, field: Field]>();
  for (const [json, field] of type) if (!fields.has(goName(json))) fields.set(goName(json), [json, field]);
  return fields;
});

function goName(json: string): string {
  return entryOf(GO_NAMES, json) ?? json.charAt(0).toUpperCase() + json.slice(1);
}

function missing(value: Value, name: string, chain: string): TemplateValueError {
  return new TemplateValueError(`${chain}: can't evaluate field ${name} in type ${value.type ?? value.shape}`);
}

function mapEntry(value: Value, holder: JsonObject, name: string, chain: string): Value {
  if (!Object.hasOwn(holder, name))
    throw new TemplateValueError(`${chain}: map has no entry for key ${JSON.stringify(name)}`, GUARD);
  return itemOf(value, entryOf(holder, name));
}

function ownField(
  value: Value,
  own: Readonly<Record<string, string>>,
  holder: JsonObject,
  name: string,
  chain: string,
): Value {
  const json = entryOf(own, name);
  if (json === undefined) {
    const metadata = OWN_TYPES[METADATA] as Readonly<Record<string, string>>;
    if (value.type !== ROOT || entryOf(metadata, name) === undefined) throw missing(value, name, chain);
    return fieldOf(ownField(value, own, holder, "ObjectMeta", chain), name, chain);
  }
  const type = entryOf(TYPE_OF_OWN, json);
  if (value.type === ROOT && type !== undefined && json !== "globalConfig" && holder["metadata"] === undefined) {
    throw new TemplateValueError(`${chain}: nil pointer evaluating LLMInferenceService.${name}`, GUARD);
  }
  if (type !== undefined) return { json: entryOf(holder, json) ?? {}, type, pointer: false, shape: "struct" };
  if (json === "labels" || json === "annotations") return { json: holder[json] ?? {}, pointer: false, shape: "map" };
  return scalar(entryOf(holder, json) ?? (json === "enableTLS" ? false : ""));
}

function typedField(holder: JsonObject, json: string, field: Field): Value {
  const set = entryOf(holder, json) ?? undefined;
  const common = { pointer: field.pointer, shape: field.shape };
  switch (field.shape) {
    case "scalar":
      return { ...common, json: set ?? (field.pointer ? undefined : zeroOf(json, field)) };
    case "struct":
      if (typeNamed(field.type) === undefined) {
        const type = field.type === URI ? { type: URI } : {};
        return { ...common, ...type, shape: "scalar", json: set ?? (field.pointer ? undefined : "") };
      }
      return { ...common, type: field.type, json: set ?? (field.pointer ? undefined : {}) };
    case "map":
      return { ...common, pointer: false, items: field.type, json: set ?? {} };
    default:
      return { ...common, pointer: false, items: field.type, json: set ?? [] };
  }
}

function zeroOf(json: string, field: Field): Json {
  if (field.zero !== undefined && field.zero !== null) return field.zero;
  if (FALSE_FIELDS.includes(json)) return false;
  return ZERO_FIELDS.includes(json) ? 0 : "";
}

/** An item of a list or map, with the type that its container defines. */
export function itemOf(holder: Value, json: Json | undefined): Value {
  if (holder.items !== undefined && typeNamed(holder.items) !== undefined) {
    return { json, type: holder.items, pointer: false, shape: "struct" };
  }
  if (Array.isArray(json)) return { json, pointer: false, shape: "list" };
  return isObject(json) ? { json, pointer: false, shape: "map" } : { json, pointer: false, shape: "scalar" };
}

/** Whether `if` takes the branch: not empty, not zero; a pointer is true when it is not nil, a struct always. */
export function isTrue({ json, pointer, shape }: Value): boolean {
  if (json === undefined || json === null) return false;
  if (pointer || shape === "struct") return true;
  if (Array.isArray(json)) return json.length > 0;
  if (isObject(json)) return Object.keys(json).length > 0;
  return json !== "" && json !== 0 && json !== false;
}

/** As Go's text/template prints it: pointers by what they point to, lists and maps in brackets. */
export function format({ json, pointer, type, shape }: Value): string {
  if (json === undefined || json === null) return pointer ? "<nil>" : "<no value>";
  if (shape === "struct" && type !== undefined) {
    throw new TemplateValueError(`a whole ${type} cannot be printed: name one of its fields`);
  }
  return formatJson(json);
}

function formatJson(json: Json): string {
  if (json === null) return "<nil>";
  if (Array.isArray(json)) return `[${json.map(formatJson).join(" ")}]`;
  if (!isObject(json)) return String(json);
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, value]) => `${key}:${formatJson(value ?? null)}`).join(" ")}]`;
}
