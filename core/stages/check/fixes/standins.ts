import type { Issue } from "../../../contract/issues/issue.ts";
import { standInFor } from "../../../knowledge/accelerators/standinclasses.ts";
import { itemAt, type JsonObject } from "../../../kubernetes/json.ts";
import { pathSteps } from "../../../kubernetes/path.ts";
import { documentOf, type WrittenDocuments } from "./corrected.ts";
import { locate } from "./place.ts";

/** A model of the hub by its name alone. */
const HUB_NAME = /^[\w.-]+\/[\w.-]+$/;

/**
 * The error with a value that stands in for the refused one, so that later stages can judge the service: a class for an
 * unknown accelerator, and the hub for a model that is only named. The user never sees this as a fix.
 */
export function withStandIn(error: Issue, documents: WrittenDocuments, attempt: number): Issue {
  const document = documentOf(documents, error);
  const written = document && writtenAt(document, error.path);
  if (typeof written !== "string") return error;
  if (isUnknownAccelerator(error)) return withValue(error, standInFor(written, attempt));
  return isUnsupportedModel(error) && HUB_NAME.test(written) ? withValue(error, `hf://${written}`) : error;
}

function withValue(error: Issue, value: string | undefined): Issue {
  if (value === undefined) return error;
  return { ...error, fixes: [{ path: error.path, value }] };
}

export function isUnknownAccelerator({ code }: Issue): boolean {
  return code === "UnknownAccelerator";
}

/** An error that does not end a plan, but hides which model is served, and so what the checks know of the model. */
export function isUnsupportedModel({ code, path }: Issue): boolean {
  return code === "UnsupportedScheme" && path === "spec.model.uri";
}

function writtenAt(document: JsonObject, path: string): unknown {
  const { at, isThere } = locate(document, pathSteps(path));
  return isThere ? itemAt(document, at) : undefined;
}
