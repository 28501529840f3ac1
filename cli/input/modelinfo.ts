import type { ModelInfo } from "../../core/knowledge/models/config/config.ts";
import { asText, isObject, type JsonObject } from "../../core/kubernetes/json.ts";
import type { Terminal } from "../text/terminal.ts";
import { readDocument, type SourceDocument, UnreadableInput } from "./input.ts";

/** Returns the shape of a service's model, if a file was given for it. */
export type ModelInfoOf = (service: JsonObject) => ModelInfo | undefined;

/**
 * Reads `MODEL=FILE`, for the services of that model (its name or URI, as they write it), and `FILE`, which is for any
 * service and so needs services of one model.
 */
export function readModelInfo(
  given: readonly string[],
  services: readonly SourceDocument[],
  terminal: Terminal,
): ModelInfoOf {
  const files = given.map((text) => {
    const [, model, file = text] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    return { model, info: readDocument(file, "a model's config.json", terminal).document as ModelInfo };
  });
  const models = new Set(services.map(({ document }) => modelIn(document).uri));
  if (models.size > 1 && files.some(({ model }) => model === undefined)) {
    throw new UnreadableInput(
      `--model-info describes one model, but the services use ${models.size}: write it as MODEL=FILE`,
    );
  }
  return (service) => {
    const named = files.find(({ model }) => model !== undefined && isNamed(model, modelIn(service)));
    return (named ?? files.find(({ model }) => model === undefined))?.info;
  };
}

interface Model {
  uri: string;
  name: string;
}

function modelIn({ spec }: JsonObject): Model {
  const model = isObject(spec) && isObject(spec["model"]) ? spec["model"] : {};
  return { uri: asText(model["uri"] ?? ""), name: asText(model["name"] ?? "") };
}

function isNamed(model: string, { uri, name }: Model): boolean {
  return [name, uri, uri.replace(/^[^:/]+:\/\//, "")].includes(model);
}
