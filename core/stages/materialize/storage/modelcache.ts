import { createHash } from "node:crypto";
import { switchOf } from "../../../api/shorthands/operations.ts";
import { isDownloaded } from "../../../contract/downloads.ts";
import { LABEL } from "../../../contract/names.ts";
import { GIB } from "../../../knowledge/memory/rank.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal, unused } from "../issues.ts";
import type { ModelCache } from "./caches.ts";
import { claimOf, warnOfOneNode } from "./caches.ts";
import { buildModelDownload } from "./modeldownload.ts";

const SWITCH = "spec.operations.modelCache";
/**
 * Repositories often contain a second form of the weights, and a download may need room in addition to what it
 * replaces.
 */
const ROOM = 3;

/** The label of services whose model KServe's LocalModel keeps on nodes. */

/** The folder of a model, by its URI, in a volume that may hold several models; LocalModel uses the same names. */
export function folderOf(uri: string): string {
  return `models/${createHash("sha256").update(uri).digest("hex").slice(0, 16)}`;
}

/** The cache of a service's model; undefined if the service has none, or nothing to put into it. */
export function modelCacheOf(context: MaterializeContext): ModelCache | undefined {
  const { spec, operations, modelBytes } = context;
  const chosen = switchOf(operations?.modelCache);
  if (chosen === undefined || uncached(context) !== undefined) return undefined;
  const { uri } = spec.model;
  const size = chosen.size ?? (modelBytes === undefined ? undefined : `${Math.ceil((ROOM * modelBytes) / GIB)}Gi`);
  if (size === undefined && chosen.claimName === undefined) return undefined;
  const claim = claimOf("modelCache", { ...chosen, size: size ?? "" }, [uri], context);
  return { ...claim, chosen, folder: folderOf(uri) };
}

/** Why there is nothing to cache although a cache was requested. */
function uncached(context: MaterializeContext): string | undefined {
  const { spec, service } = context;
  const { uri } = spec.model;
  if (!isDownloaded(uri, context)) return `${uri} is not downloaded`;
  if (spec.storageInitializer?.enabled === false) return "the storage initializer is disabled";
  return LABEL.localModel in (service.metadata.labels ?? {})
    ? "KServe's LocalModel cache already stores the model"
    : undefined;
}

/** The claim that holds the model, unless `claimName` names an existing one, and the Job that fills it. */
export function buildModelCache(context: MaterializeContext): KubernetesObject[] {
  const { operations, report } = context;
  const chosen = switchOf(operations?.modelCache);
  if (chosen === undefined) return [];
  const reason = uncached(context);
  if (reason !== undefined) report(unused(SWITCH, `modelCache has no effect: ${reason}`, "disable modelCache"));
  const cache = modelCacheOf(context);
  if (cache === undefined) {
    if (reason === undefined) report(unknownSize(context));
    return [];
  }
  warnOfOneNode("modelCache", chosen, context);
  return [...(cache.made ? [cache.made] : []), buildModelDownload(cache, context)];
}

function unknownSize({ spec }: MaterializeContext) {
  const message = `the size of ${spec.model.uri} is unknown, so the size of its volume cannot be calculated`;
  return refusal("MissingField", `${SWITCH}.size`, message, "set size (or claimName), or set modelInfo");
}
