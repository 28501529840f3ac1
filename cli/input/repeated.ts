import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../core/kubernetes/json.ts";
import { groupOf } from "../../core/kubernetes/objects.ts";
import type { Terminal } from "../text/terminal.ts";
import { type SourceDocument, UnreadableInput } from "./input.ts";

/**
 * Kinds of documents that decide a plan: of two different ones with one name none is chosen, because the plan must not
 * depend on their order.
 */
const DECISIVE = ["LLMInferenceService", "LLMInferenceServiceConfig", "ConfigMap inferenceservice-config"];

/**
 * The documents, each service, config and settings once. kubectl would apply an object that is given twice two times,
 * and the last silently wins; here two different ones of one name are refused, and an equal one counts once, with a
 * warning. Of other objects, of which an export may contain two states, the last counts as in kubectl.
 */
export function eachOnce(documents: readonly SourceDocument[], terminal: Terminal): SourceDocument[] {
  const first = new Map<string, SourceDocument>();
  const conflicts: string[] = [];
  const kept = documents.filter((source) => {
    const { key, name, isDecisive } = identityOf(source.document);
    const earlier = first.get(key);
    if (name === undefined || earlier === undefined) {
      first.set(key, source);
      return true;
    }
    const places = `appears in ${placeOf(earlier)} and in ${placeOf(source)}`;
    const isSame = isDeepStrictEqual(earlier.document, source.document);
    if (isDecisive && !isSame) conflicts.push(`${name} ${places} with different content — remove one of them`);
    else if (isDecisive) terminal.tell([`warning: ${name} ${places} with the same content; one of them is used`]);
    else if (!isSame) terminal.tell([`warning: ${name} ${places} with different content; the last one is used`]);
    return !isDecisive;
  });
  if (conflicts.length > 0) throw new UnreadableInput(conflicts);
  return kept;
}

interface Identity {
  key: string;
  /** For people: `LLMInferenceService default/chat`; undefined for what is not an object. */
  name?: string;
  isDecisive: boolean;
}

/** What identifies an object: for KServe's kinds a later version of the API names the same object. */
function identityOf({ apiVersion, kind, metadata }: JsonObject): Identity {
  const { namespace, name } = isObject(metadata) ? metadata : {};
  const isNamed = typeof apiVersion === "string" && typeof kind === "string" && typeof name === "string";
  if (!isNamed) return { key: "", isDecisive: false };
  const where = typeof namespace === "string" ? `${namespace}/` : "";
  const isDecisive = DECISIVE.includes(kind) || DECISIVE.includes(`${kind} ${name}`);
  const api = isDecisive ? groupOf(apiVersion) : apiVersion;
  return { key: JSON.stringify([api, kind, where, name]), name: `${kind} ${where}${name}`, isDecisive };
}

/** The place of a document, with its line. */
export function placeOf({ source, line }: SourceDocument): string {
  return line === undefined ? source : `${source} (line ${line})`;
}
