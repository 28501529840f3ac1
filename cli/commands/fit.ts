import { API_VERSION } from "../../core/api/service.ts";
import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { serviceName } from "../../core/contract/plan.ts";
import { gib } from "../../core/knowledge/memory/rank.ts";
import { plan } from "../../core/plan.ts";
import { fitOfPlan, type ServiceFit, type ServiceRoleFit } from "../../core/views/fit/fit.ts";
import { NO_SERVICE, readDocuments, type SourceDocument, UnreadableInput } from "../input/input.ts";
import { inputFor, type RequestOptions, readRequest } from "../input/request.ts";
import { jsonText } from "../text/output.ts";
import { table } from "../text/table.ts";
import type { Result, Terminal } from "../text/terminal.ts";
import { type Line, line, paragraphs, styled } from "../text/text.ts";

/** What describes a service without a file. */
interface Asked {
  model?: string;
  accelerator?: string;
  tensor?: number;
  pipeline?: number;
  maxModelLen?: number;
  maxNumSeqs?: number;
  gpuMemoryUtilization?: number;
  kvCacheDtype?: string;
  quantization?: string;
}

export type FitOptions = Omit<RequestOptions, "file"> &
  Asked & { file?: string[]; concurrency: number; output: "table" | "json" };

/** What the answer itself tells, and the note about the download, which has no effect on the memory. */
function isLeftOut({ code, severity }: Issue): boolean {
  return code === "MemoryFit" || (code === "GatedModel" && severity === "info");
}

/** Prints for each role of each service whether it fits, and how far it could go. Code 1 if one does not fit. */
export function showFit(options: FitOptions, terminal: Terminal): Result {
  const { file = [], concurrency } = options;
  const request = readRequest({ ...options, file }, terminal, documentsOf(options, terminal));
  if (request.services.length === 0) throw new UnreadableInput(NO_SERVICE);
  const answers = request.services.map((service) => {
    const planned = plan(inputFor(request, service));
    const issues = [...request.issues, ...planned.issues].filter((issue) => !isLeftOut(issue));
    terminal.issues(service.source, issues);
    return { service: serviceName(planned), fine: isFine(issues), ...fitOfPlan(planned, concurrency) };
  });
  if (options.output === "json") {
    const documents = answers.map(({ fine: _, ...answer }) => answer);
    terminal.write(jsonText(documents.length === 1 ? documents[0] : documents));
  } else {
    terminal.print(paragraphs(answers.map(serviceText)));
  }
  return terminal.done(answers.every(({ fine, fits }) => fine && fits) ? 0 : 1);
}

/** The documents of -f, or a service made from the other options. */
function documentsOf({ file, model, ...options }: FitOptions, terminal: Terminal): SourceDocument[] {
  const { accelerator, tensor, pipeline } = options;
  const { maxModelLen, maxNumSeqs, gpuMemoryUtilization, kvCacheDtype, quantization } = options;
  const parallelism = given({ tensor, pipeline });
  const tuning = given({ maxModelLen, maxNumSeqs, gpuMemoryUtilization, kvCacheDtype, quantization });
  const rest = given({ accelerator, parallelism, tuning });
  if (file !== undefined) {
    if (model === undefined && rest === undefined) return readDocuments(file, terminal);
    throw new UnreadableInput("-f cannot be combined with --model and its options: use one of them");
  }
  if (model === undefined) throw new UnreadableInput("set a file with -f, or a model with --model and --accelerator");
  const spec = { model: { uri: `hf://${model}`, name: model }, ...rest };
  const name = "service";
  return [
    { source: model, document: { apiVersion: API_VERSION, kind: "LLMInferenceService", metadata: { name }, spec } },
  ];
}

/** The fields that are set; undefined if none is. */
function given(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

function serviceText({ service, roles, notEstimated }: ServiceFit & { service: string }): Line[] {
  const unknown = notEstimated.map(({ role, group, reason, fix }) => [
    `${service} ${group ?? role}: memory unknown: ${reason} — ${fix}`,
  ]);
  return paragraphs([...roles.map((role) => roleText(service, role)), ...unknown]);
}

const VERDICTS = {
  fits: styled("fits", "green"),
  tight: styled("is tight: only a start of the engine shows whether it fits", "yellow"),
  exceeds: styled("does not fit", "red"),
} as const;

function roleText(service: string, role: ServiceRoleFit): Line[] {
  const { accelerator, memoryGiB, tensor, pipeline, rows, needed, budget, cacheTokens } = role;
  const ranks = tensor * pipeline;
  const verdict = VERDICTS[role.verdict];
  const head = line(styled(service, "bold"), ` ${role.group ?? role.role}, ${ranks} × ${accelerator}: `, verdict);
  const used = { part: "needed", bytes: needed, how: `vLLM may use ${gib(budget)} of ${memoryGiB} GiB` };
  const parts = table(
    [...rows, used],
    [
      { title: "PER ACCELERATOR", cell: ({ part }) => part },
      { title: "GIB", cell: ({ bytes }) => gib(bytes).padStart(6) },
      { title: "FROM", cell: ({ how }) => how },
    ],
  );
  const { limits, maxModelLen, concurrency } = role;
  const room =
    cacheTokens === 0 && concurrency === 0 && role.verdict === "fits"
      ? "KV cache: none, because an encoder keeps none"
      : `KV cache: room for ${cacheTokens} tokens, ${concurrency} sequences of ${maxModelLen}`;
  const smallest = `smallest tensor-parallel size that fits: ${limits.tensor ?? "none on one node"}`;
  const longest = `longest context that fits: ${limits.maxModelLen ?? "none"}`;
  return [head, ...parts, room, smallest, longest];
}
