import { behaviourOf } from "../../core/behaviour.ts";
import { type Issue, isFine } from "../../core/errors.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { lowerConfigs } from "../../core/lower/lower.ts";
import { plan } from "../../core/plan.ts";
import { validateConfig } from "../../core/validate/validate.ts";
import { readDocuments, type SourceDocument, UnreadableInput } from "../input.ts";
import { printIssues } from "../output.ts";
import { inputFor, type Request, type RequestOptions, readRequest } from "../request.ts";

/** Judges every service by its whole plan, and every config by itself. Returns the exit code. */
export function validate(options: RequestOptions & { old?: string }): number {
  const request = readRequest(options);
  if (request.services.length + request.ownConfigs.length === 0) {
    throw new UnreadableInput("no LLMInferenceService or LLMInferenceServiceConfig in the input");
  }
  const before = options.old === undefined ? [] : readDocuments([options.old]);
  const verdicts = [
    ...request.ownConfigs.map((source) => ({
      source,
      issues: [...request.issues, ...configIssues(source.document, request)],
    })),
    ...request.services.map((source) => ({
      source,
      issues: [...request.issues, ...plan({ ...inputFor(request, source), old: sameObject(before, source) }).issues],
    })),
  ];
  for (const { source, issues } of verdicts) report(source, issues);
  return verdicts.every(({ issues }) => isFine(issues)) ? 0 : 1;
}

/** A config is judged without its conveniences, which are read before the API's own fields are. */
function configIssues(document: JsonObject, { common }: Request): Issue[] {
  const behaviour = behaviourOf(common.compat);
  const lowered = lowerConfigs({ ...common, configs: [document] }, behaviour);
  const { errors, warnings } = validateConfig(lowered.configs[0], behaviour);
  return [...lowered.issues, ...errors, ...warnings];
}

function report(source: SourceDocument, issues: readonly Issue[]): void {
  printIssues(source.source, issues);
  const name = isObject(source.document.metadata) ? String(source.document.metadata.name ?? "") : "";
  const errors = issues.filter((issue) => issue.severity === "error").length;
  const verdict = errors === 0 ? "valid" : `refused: ${errors} ${errors === 1 ? "error" : "errors"}`;
  process.stdout.write(`${source.source}: ${String(source.document.kind)} ${name}: ${verdict}\n`);
}

function sameObject(before: readonly SourceDocument[], after: SourceDocument): JsonObject | undefined {
  const nameOf = (document: JsonObject): unknown => (isObject(document.metadata) ? document.metadata.name : undefined);
  return before.find(
    ({ document }) => document.kind === after.document.kind && nameOf(document) === nameOf(after.document),
  )?.document;
}
