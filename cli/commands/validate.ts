import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { behaviourOf } from "../../core/contract/behaviour.ts";
import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { asText, isObject, type JsonObject } from "../../core/kubernetes/json.ts";
import { plan } from "../../core/plan.ts";
import { validateConfig } from "../../core/stages/admit/validate.ts";
import { lowerConfig } from "../../core/stages/lower/lower.ts";
import { writeFixes } from "../fix.ts";
import { lookAt } from "../input/clusterpreflight.ts";
import { readDocuments, type SourceDocument, UnreadableInput } from "../input/input.ts";
import { eachOnce } from "../input/repeated.ts";
import {
  inputFor,
  namespaceOf,
  type Request,
  type RequestOptions,
  readRequest,
  withNamespace,
} from "../input/request.ts";
import type { Result, Terminal } from "../text/terminal.ts";

export interface ValidateOptions extends RequestOptions, ClusterChoice {
  old?: string;
  /** Writes the fixes of errors into the files first. */
  fix?: boolean;
  /** Also checks whether the cluster could run what is planned. */
  preflight?: boolean;
}

/** Judges every service by its whole plan, and every config separately. */
export async function validate(options: ValidateOptions, terminal: Terminal): Promise<Result> {
  const documents = options.file.flatMap((path) => {
    const own = readDocuments([path], terminal).map((source) => withNamespace(source, options.namespace));
    return eachOnce(own, terminal);
  });
  const request = readRequest({ ...options, eachByItself: true }, terminal, documents);
  if (request.services.length + request.ownConfigs.length === 0) {
    throw new UnreadableInput(
      "the input contains no LLMInferenceService or LLMInferenceServiceConfig: pass a file that has one with -f",
    );
  }
  const before = options.old === undefined ? [] : readDocuments([options.old], terminal);
  const isLooking = options.preflight === true || options.kubeconfig !== undefined || options.context !== undefined;
  const look = isLooking ? await lookAt(options, request, terminal) : undefined;
  let fine = true;
  for (const source of request.ownConfigs) {
    const issues = [...request.issues, ...configIssues(source.document, request)];
    fine = report(source, issues, terminal) && fine;
  }
  const services = options.fix === true ? writeFixes(request, terminal) : request.services;
  for (const source of services) {
    const planned = plan({ ...inputFor(request, source), old: sameObject(before, source, options.namespace) });
    const issues = [...request.issues, ...planned.issues];
    const found = look !== undefined && isFine(issues) ? await look(source.source, planned) : [];
    fine = report(source, [...issues, ...found], terminal) && fine;
  }
  return terminal.done(fine ? 0 : 1);
}

/** A config is judged without its shorthands, which are read before the API's own fields. */
function configIssues(document: JsonObject, { common }: Request): Issue[] {
  const behaviour = behaviourOf(common.compat);
  const lowered = lowerConfig(document, common, behaviour);
  const { errors, warnings } = validateConfig(lowered.document, behaviour);
  return [...lowered.issues, ...errors, ...warnings];
}

/** Whether it has no errors. */
function report(source: SourceDocument, issues: readonly Issue[], terminal: Terminal): boolean {
  terminal.issues(source.source, issues);
  const name = isObject(source.document.metadata) ? asText(source.document.metadata.name ?? "") : "";
  const errors = issues.filter((issue) => issue.severity === "error").length;
  const verdict = errors === 0 ? "valid" : `refused: ${errors} ${errors === 1 ? "error" : "errors"}`;
  terminal.print([`${source.source}: ${asText(source.document.kind)} ${name}: ${verdict}`]);
  return errors === 0;
}

function sameObject(
  before: readonly SourceDocument[],
  { document: after }: SourceDocument,
  namespace: string,
): JsonObject | undefined {
  const keyOf = (document: JsonObject): string => {
    const name = isObject(document.metadata) ? document.metadata.name : undefined;
    return JSON.stringify([document.kind, namespaceOf(document) ?? namespace, name]);
  };
  return before.find(({ document }) => keyOf(document) === keyOf(after))?.document;
}
