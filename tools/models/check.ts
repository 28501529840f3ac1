import { storedBytes } from "../../core/knowledge/memory/parts.ts";
import { configOf, namesOf } from "../../core/knowledge/models/catalogue/catalogue.ts";
import { isSource, type Row } from "../../core/knowledge/models/catalogue/row.ts";
import { ROWS } from "../../core/knowledge/models/catalogue/rows.ts";
import { factsOf, type ModelFacts } from "../../core/knowledge/models/facts.ts";

/**
 * Compares the rows of the catalogue of models with each other and checks each for consistency: `node
 * tools/models/check.ts`. A row that was read wrongly does not add up: its parameters differ from the published number,
 * its files from the parameters, or its heads from the width.
 */
export function judgeRows(rows: readonly Row[] = ROWS): string[] {
  return [...rows.flatMap(judgeRow), ...namesOfTwo(rows)];
}

function judgeRow(row: Row): string[] {
  const [id, , , , , , , , sources] = row;
  const facts = factsOf(configOf(row));
  const found = facts === undefined ? ["has no shape"] : [...judgeShape(facts, row), ...judgeSizes(facts, row)];
  const unknown = sources.split("+").filter((source) => !isSource(source));
  const ofSources = unknown.map((source) => `names an unknown source: ${JSON.stringify(source)}`);
  const named = /^[^/\s]+\/[^/\s]+$/.test(id) ? [] : ["is not called PUBLISHER/NAME"];
  return [...named, ...ofSources, ...found].map((problem) => `${id} ${problem}`);
}

function judgeShape(
  { heads, kvHeads, hidden, headDim, latent, maxPositions = 0 }: ModelFacts,
  [, , , , , , , , , more]: Row,
): string[] {
  return [
    ...(latent === undefined && heads % kvHeads !== 0
      ? [`has ${heads} heads, which ${kvHeads} KV heads do not divide`]
      : []),
    ...(more?.head_dim === undefined && latent === undefined && hidden % heads !== 0
      ? [`is ${hidden} wide, which ${heads} heads do not divide, and sets no head_dim`]
      : []),
    ...(headDim > 0 && headDim <= 512 ? [] : [`has heads of ${headDim}`]),
    ...(maxPositions > 0 ? [] : ["has no context length"]),
  ];
}

/**
 * Maximum error of a count: a vision tower, layers for MTP and rounding are not counted; a shape never counts less than
 * that.
 */
const COUNTED = { least: 0.8, most: 1.03 };
/** Files contain layers for MTP, or scales; a name is rounded. */
const STORED = { least: 0.85, most: 1.12 };
/** The same for rows with large uncounted parts. */
const BESIDE = { least: 0.3, most: 1.12 };
const NAMED = { least: 0.75, most: 1.3 };

function judgeSizes(facts: ModelFacts, row: Row): string[] {
  const [id, , , , , , , , , { billions, gib, beside } = {}] = row;
  const counted = factsOf({ ...configOf(row), parameters: undefined, weightBytes: undefined }) ?? facts;
  const computed = storedBytes({ ...facts, weightBytes: undefined });
  const [, size, unit] = /-(\d+(?:\.\d+)?)([bm])(?![a-z])/i.exec(id) ?? [];
  const named =
    size === undefined || Number(size) < 2.5 ? undefined : Number(size) * (unit?.toLowerCase() === "m" ? 1e6 : 1e9);
  return [
    ...outside("counts", counted.parameters / 1e9, billions, beside === undefined ? COUNTED : BESIDE),
    ...outside("has files of", computed / 2 ** 30, gib, beside === undefined ? STORED : BESIDE),
    ...(NAMES_OF_PARTS.test(id) ? [] : outside("has parameters of", facts.parameters, named, NAMED)),
  ];
}

/** Names that give the size of a part: of one expert (Llama 4), of what a token passes, of a whole trained otherwise. */
const NAMES_OF_PARTS = /Llama-4|Mixtral|Qwen1\.5-MoE|gemma-3n|gemma-4-E|Voxtral-Mini|whisper|1T/;

function outside(
  what: string,
  is: number,
  published: number | undefined,
  { least, most }: { least: number; most: number },
): string[] {
  if (published === undefined || (is >= least * published && is <= most * published)) return [];
  return [`${what} ${is.toPrecision(4)}, but ${published.toPrecision(4)} is published`];
}

function namesOfTwo(rows: readonly Row[]): string[] {
  const owner = new Map<string, string>();
  return rows.flatMap((row) =>
    namesOf(row).flatMap((name) => {
      const other = owner.get(name);
      owner.set(name, row[0]);
      return other === undefined ? [] : [`${row[0]} has the name ${name}, which ${other} has too`];
    }),
  );
}

if (import.meta.main) {
  const problems = judgeRows();
  process.stdout.write(`${[...problems, `${ROWS.length} models, ${problems.length} problems`].join("\n")}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
