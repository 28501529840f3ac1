import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { DRA } from "../../../core/api/dra.ts";
import {
  ANNOTATION,
  CERTIFICATE_KEY,
  COMPONENT,
  CONTENTS,
  FINALIZER,
  KUEUE_QUEUE,
  LABEL,
  PART_OF,
  POD_PART,
  POD_PATH,
  PORT,
} from "../../../core/contract/names.ts";
import { SET_NAME_LABEL, WORKER_INDEX_LABEL } from "../../../core/kubernetes/workloads/workloads.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Names, labels, annotations, ports and paths that are defined in one place. */
const CONSTANTS = new Set<string>(
  [LABEL, ANNOTATION, PORT, POD_PATH, CERTIFICATE_KEY, POD_PART, COMPONENT, DRA]
    .flatMap((group): (string | number)[] => Object.values(group))
    // A plain word, which is also a field of the API and the name of a container.
    .filter((value) => value !== COMPONENT.tokenizer)
    .concat([CONTENTS, FINALIZER, KUEUE_QUEUE, PART_OF, SET_NAME_LABEL, WORKER_INDEX_LABEL])
    .map(String),
);

/** Files that may write such a value, each with the reason. */
const EXCEPTIONS: readonly { file: RegExp; why: string }[] = [
  { file: /^core\/contract\/names\.ts$/, why: "the place itself" },
  { file: /^core\/api\/(convert|dra)\.ts$/, why: "names of KServe's API, which lies below; names.ts passes them on" },
  {
    file: /^core\/kubernetes\/workloads\/workloads\.ts$/,
    why: "labels of the LeaderWorkerSet controller, which lies below",
  },
  {
    file: /^core\/knowledge\/presets\/latency\.ts$/,
    why: "ports of the latency predictor, which happen to be the same",
  },
  { file: /^core\/stages\/check\/roles\/roles\.ts$/, why: "the port that vLLM listens on where no flag sets one" },
  {
    file: /^core\/knowledge\/engine\/otherservers\.ts$/,
    why: "the port that TensorRT-LLM listens on where no flag sets one",
  },
];

/** Literals of a source text that are one of the constants, as `LINE: VALUE`. */
function repeated(text: string): string[] {
  if (!text.includes('"main"') && ![...CONSTANTS].some((value) => text.includes(value))) return [];
  const source = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) && CONSTANTS.has(node.text)) {
      found.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.text}`);
    }
    if (isMain(node)) found.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: main`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `name: "main"` and `name === "main"`: the container. `main` is a role of workloads, too. */
function isMain(node: ts.Node): boolean {
  if (!ts.isStringLiteralLike(node) || node.text !== "main") return false;
  const { parent } = node;
  const other = ts.isPropertyAssignment(parent) ? parent.name : ts.isBinaryExpression(parent) ? parent.left : undefined;
  return other !== undefined && /(^|\.|\[")name("\])?$/.test(other.getText());
}

describe("names, labels, annotations, ports and paths", () => {
  const files = globSync("core/**/*.ts", { cwd: ROOT }).sort();

  it("no file of core/ writes a value that core/contract/names.ts has", () => {
    const wrong = files
      .filter((file) => !EXCEPTIONS.some((one) => one.file.test(file)))
      .flatMap((file) => repeated(readFileSync(join(ROOT, file), "utf8")).map((at) => `${file}:${at}`));
    assert.deepEqual(wrong, []);
  });

  it("every exception is a file that writes such a value", () => {
    const idle = EXCEPTIONS.filter(
      ({ file }) =>
        !files.some((path) => file.test(path) && repeated(readFileSync(join(ROOT, path), "utf8")).length > 0),
    );
    assert.deepEqual(idle, []);
  });

  it("a literal that repeats a name is noticed", () => {
    const text =
      'const a = { path: "/mnt/models", name: "main" };\nconst b = c.name === "main" || role === "main" || 9002;';
    assert.deepEqual(repeated(text), ["1: /mnt/models", "1: main", "2: main", "2: 9002"]);
  });
});
