import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { GROUP_FIELDS } from "../../../../../core/api/shorthands/shorthands.ts";
import type { Issue, IssueCode } from "../../../../../core/contract/issues/issue.ts";
import { CHECK_CODES } from "../../../../../core/contract/options/checks.ts";
import type { JsonObject } from "../../../../../core/kubernetes/json.ts";
import { applyEdits, editsOf } from "../../../../../core/stages/check/fixes/edits.ts";
import { SECTIONS } from "../../../../../tools/generate/refused.ts";
import { type PartialInput, planOf } from "../plan.ts";

interface Case {
  name: string;
  spec: JsonObject;
  input?: PartialInput;
}
const OF_CHECKS = parse(readFileSync(new URL("../checks.yaml", import.meta.url), "utf8"), {
  merge: true,
}) as Case[];

/** Includes the examples of docs/refused.md; examples with a document of another kind have no edits. */
const OF_CODES = Object.entries(SECTIONS).flatMap(([code, { example }]): Case[] => {
  if (example === undefined || example.input?.service !== undefined) return [];
  const { spec, input, settings } = example;
  const given = { ...input, ...(settings && { settings }) } as PartialInput;
  return [{ name: `the example of ${code}`, spec: spec as JsonObject, input: given }];
});
const OWN = parse(readFileSync(new URL("./fixes.yaml", import.meta.url), "utf8"), { merge: true }) as Case[];
/** Services with several groups, and specs that the API server refuses. */
const OF_GROUPS = parse(readFileSync(new URL("../../../groups.yaml", import.meta.url), "utf8"), {
  merge: true,
  maxAliasCount: -1,
}) as Case[];
const OF_OBJECTS = (
  parse(readFileSync(new URL("../refused.yaml", import.meta.url), "utf8"), { merge: true }) as {
    title: string;
    spec?: JsonObject;
  }[]
).flatMap(({ title, spec }): Case[] => (spec === undefined ? [] : [{ name: title, spec }]));
/** Fields that the Service and prefill take from the service, and not from a group. */
const SHARED: readonly string[] = ["labels", "annotations"];

/** The same service, with everything that a group may set moved to its only group. */
function inOneGroup({ name, spec, ...rest }: Case): Case[] {
  if ("groups" in spec) return [];
  const isOfGroup = ([field]: [string, unknown]): boolean =>
    GROUP_FIELDS.includes(field) && !SHARED.includes(field) && !(field === "accelerator" && "prefill" in spec);
  const entries = Object.entries(spec);
  const own = Object.fromEntries(entries.filter(isOfGroup));
  const shared = Object.fromEntries(entries.filter((entry) => !isOfGroup(entry)));
  return [{ ...rest, name: `${name}, in a group`, spec: { ...shared, groups: { only: own } } }];
}

const WHOLE = [...OF_CHECKS, ...OF_CODES, ...OF_GROUPS, ...OF_OBJECTS, ...OWN];
const CASES = [...WHOLE, ...WHOLE.flatMap(inOneGroup)];

const LENIENT = Object.fromEntries(CHECK_CODES.map((code) => [code, "warning" as const]));
const line = ({ code, path, message }: Issue): string => `${code} ${path}: ${message}`;
const errorsOf = (issues: readonly Issue[]): string[] =>
  issues.filter(({ severity }) => severity === "error").map(line);

/** Codes with at least one fix that a program can make; the fixes of the others need a person's choice. */
const FIXED: readonly IssueCode[] = [
  ...(["RolesDisagree", "WrongPort", "TlsMismatch", "UnknownSchedulerFlag", "SharedMemory"] as const),
  ...(["RoutingContract", "UnusedField", "StartupBudget", "GracePeriod", "CompileCache"] as const),
  ...(["UnknownFlag", "RemovedFlag", "FlagTooNew", "InvalidFlagValue", "UnreadVariable"] as const),
  ...([
    "MemoryFit",
    "ContextTooLong",
    "ModelShape",
    "UnsupportedAccelerator",
    "UnsupportedScheme",
    "UnknownField",
    "InvalidValue",
  ] as const),
  ...(["WrongType", "Conflict", "MissingField", "GpuShape"] as const),
];

describe("the fixes of issues", () => {
  const found = CASES.flatMap(({ name, spec, input = {} }) => {
    const { issues } = planOf(spec, input);
    return issues.filter(({ fixes = [] }) => fixes.length > 0).map((issue) => ({ name, spec, input, issue }));
  });

  for (const { name, spec, input, issue } of found) {
    it(`of ${issue.code} at ${issue.path} solve the issue, and cause no other error: ${name}`, () => {
      const document: JsonObject = { spec };
      const mended = (issue.fixes ?? []).reduce((one, fix) => applyEdits(one, editsOf(one, fix)), document);
      assert.notDeepEqual(mended, document, "the fixes change nothing");
      const after = planOf(mended["spec"], input).issues;
      assert.ok(!after.map(line).includes(line(issue)), `it is still there: ${line(issue)}`);
      if (errorsOf(after).length === 0) return;
      // An error that an earlier stage hid is not new: with all checks as warnings, every stage is reached.
      const before = planOf(spec, { ...input, checks: { ...LENIENT, ...input.checks } }).issues.map(line);
      assert.deepEqual(
        errorsOf(after).filter((error) => !before.includes(error)),
        [],
        "a new error stands in its place",
      );
    });
  }

  it("are none for a flag with one dash that is also written with two, because either value may be meant", () => {
    const args = ["-max-model-len", "1024", "--max-model-len", "2048"];
    const template = { containers: [{ name: "main", image: "vllm/vllm-openai:v0.23.0", args }] };
    const { issues } = planOf({ model: { uri: "hf://facebook/opt-125m" }, template });
    const flags = issues.filter(({ code }) => code === "UnknownFlag");
    assert.deepEqual(
      flags.map(({ fixes }) => fixes),
      [undefined],
    );
  });

  it("do not exist for a draft model with other tokens, where another model or none at all is right", () => {
    const drafts = OF_CHECKS.filter(({ name }) => name === "a draft model with other tokens than its target");
    const issues = drafts.flatMap(({ spec, input = {} }) => planOf(spec, input).issues);
    const ofDraft = issues.filter(({ message }) => message.includes("the draft model has 151936 tokens"));
    assert.deepEqual(
      ofDraft.map(({ fixes = [] }) => fixes),
      [[]],
    );
  });

  it("exist for each code that a program can correct", () => {
    const codes = new Set(found.map(({ issue }) => issue.code));
    assert.deepEqual([...codes].sort(), [...FIXED].sort());
  });
});
