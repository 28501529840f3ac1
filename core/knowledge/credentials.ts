import type { Issue } from "../contract/issues/issue.ts";
import { asText, field, isObject, type Json } from "../kubernetes/json.ts";
import { pathSteps } from "../kubernetes/path.ts";
import { rememberingOf } from "../kubernetes/remember.ts";
import { isMadeOf } from "../kubernetes/text.ts";

/** Names of environment variables that hold tokens and keys; `*` stands for any text. */
export const CREDENTIAL_NAMES = [
  ...["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "*_TOKEN", "*_API_KEY", "*_SECRET", "*_SECRET_*", "*_PASSWORD"],
] as const;

/**
 * Flags whose value is a token, a key or a password, and the shortest beginning that argparse accepts for each.
 * Sources: vllm/entrypoints/openai/cli_args.py and vllm/engine/arg_utils.py of vLLM 0.23; server_args.py of SGLang 0.5.
 */
const CREDENTIAL_FLAGS: Readonly<Record<string, string>> = {
  "api-key": "api-k",
  "admin-api-key": "admin-a",
  "hf-token": "hf-t",
  "ssl-keyfile-password": "ssl-keyfile-p",
};

const BEGINNINGS = Object.entries(CREDENTIAL_FLAGS);

/** The text that is shown instead of a credential. */
export const HIDDEN = "[secret]";

/** Whether a name of an environment variable says that its value is a credential. Case is not compared. */
export function isCredential(name: string, names: readonly string[] = CREDENTIAL_NAMES): boolean {
  const upper = name.toUpperCase();
  return piecesOf(names).some((pieces) => isMadeOf(upper, pieces));
}

/** What is around the `*` of each pattern. */
const piecesOf = rememberingOf((names: readonly string[]): readonly (readonly string[])[] =>
  names.map((pattern) => pattern.toUpperCase().split("*")),
);

/** Whether a value is empty, or only consists of references to other variables as Kubernetes expands them. */
export function isReference(value: string): boolean {
  return value === "" || (value.startsWith("$(") && value.indexOf(")") === value.length - 1);
}

/** Whether a word is a flag for a credential: `--api-key` and `--api_key`. */
export function isCredentialFlag(word: string): boolean {
  if (!word.startsWith("--")) return false;
  const name = word.slice(2).replaceAll("_", "-");
  return BEGINNINGS.some(([flag, shortest]) => name.startsWith(shortest) && flag.startsWith(name));
}

/** A credential that a command line holds as text, and the flag or variable that it belongs to. */
interface Written {
  name: string;
  value: string;
}

/** The credentials that the words of a command line hold; a word may be a whole shell script. */
export function credentialsInWords(words: readonly string[]): Written[] {
  return words.flatMap((word, index) => {
    const [name = "", value] = splitAt(word, "=");
    if (isCredentialFlag(name)) {
      const values = value === undefined ? valuesAfter(words, index) : [value];
      return values.filter((one) => !isOpen(one)).map((one) => ({ name, value: one }));
    }
    if (isSpaced(word)) return credentialsInWords(word.split(/[\s;&|]+/).map(withoutQuotes));
    return value === undefined || isOpen(value) || !isCredential(name) ? [] : [{ name, value: withoutQuotes(value) }];
  });
}

/** `--api-key` takes several keys; inside of a script, the next word may be the next command. */
function valuesAfter(words: readonly string[], index: number): string[] {
  const rest = words.slice(index + 1);
  const end = rest.findIndex((word) => word.startsWith("-"));
  return end < 0 ? rest : rest.slice(0, end);
}

function isSpaced(word: string): boolean {
  return /\s/.test(word);
}

function withoutQuotes(word: string): string {
  return word.replace(/^["']/, "").replace(/["']$/, "");
}

/** Also a variable of a shell, and what a template fills in. */
function isOpen(value: string): boolean {
  return isReference(value) || ["$", '"$', "{{"].some((start) => value.startsWith(start));
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Every credential that a document holds as text: in environment variables and in command lines. */
export function credentialsIn(document: unknown): string[] {
  if (Array.isArray(document)) {
    const words = document.filter((item): item is string => typeof item === "string");
    return [...credentialsInWords(words).map(({ value }) => value), ...document.flatMap(credentialsOfItem)];
  }
  if (!isObject(document)) return [];
  const { name, value } = { name: field(document, "name"), value: field(document, "value") };
  const isPlain = typeof name === "string" && typeof value === "string" && isCredential(name) && !isReference(value);
  return [...(isPlain ? [value] : []), ...Object.values(document).flatMap(credentialsOfItem)];
}

function credentialsOfItem(item: unknown): string[] {
  return typeof item === "object" && item !== null ? credentialsIn(item) : [];
}

/** Shorter texts are too common to be searched for inside of others. */
const SHORTEST = 4;

/** A text without these credentials. */
export function withoutCredentials(text: string, credentials: readonly string[]): string {
  const longest = credentials
    .filter(({ length }) => length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
  return longest.reduce((rest, one) => rest.replaceAll(one, HIDDEN), text);
}

/**
 * Issues whose messages and fixes do not quote a credential of these documents. A note quotes no value, and documents
 * that cannot be read are not quoted.
 */
export function withoutQuotedCredentials(issues: readonly Issue[], documents: readonly unknown[]): Issue[] {
  const isQuoting = ({ severity }: Issue): boolean => severity !== "info";
  if (!issues.some(isQuoting) || issues.some(({ code }) => code === "UnreadableInput")) return [...issues];
  const hidden = documents.flatMap(credentialsOfItem);
  if (hidden.length === 0) return [...issues];
  return issues.map((issue) => ({
    ...issue,
    message: withoutCredentials(issue.message, hidden),
    ...(issue.fix !== undefined && { fix: withoutCredentials(issue.fix, hidden) }),
  }));
}

/** The value of a leaf as views show it. `nameBeside` is the name of the variable if the path has only its index. */
export function shownValue(path: string, value: Json, nameBeside?: Json): Json {
  const [item = "", last = ""] = pathSteps(path).slice(-2);
  const isText = typeof value === "string";
  const variable = nameBeside ?? (item.startsWith("[name=") ? item.slice("[name=".length, -1) : undefined);
  if (last === "value" && isText && isCredential(asText(variable ?? ""))) return isReference(value) ? value : HIDDEN;
  const [flag = ""] = last.startsWith("[--") ? last.slice(1, -1).split("#") : [];
  if (isCredentialFlag(flag) && isText) return isOpen(value) ? value : HIDDEN;
  if (isText) return withoutCredentials(value, valuesOf([value]));
  if (!Array.isArray(value)) return value;
  const texts = value.filter((item): item is string => typeof item === "string");
  const hidden = valuesOf(texts);
  if (hidden.length === 0) return value;
  return value.map((item) => {
    if (typeof item !== "string") return item;
    return hidden.includes(item) ? HIDDEN : withoutCredentials(item, hidden);
  });
}

function valuesOf(words: readonly string[]): string[] {
  return credentialsInWords(words).map(({ value }) => value);
}
