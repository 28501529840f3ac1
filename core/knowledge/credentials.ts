import type { Issue } from "../contract/issues/issue.ts";
import { asText, field, isObject, type Json } from "../kubernetes/json.ts";
import { pathSteps } from "../kubernetes/path.ts";
import { remembering, rememberingOf } from "../kubernetes/remember.ts";
import { eachEntry } from "../kubernetes/table.ts";
import { isMadeOf } from "../kubernetes/text.ts";

/** Names of environment variables that hold tokens and keys; `*` stands for any text. */
export const CREDENTIAL_NAMES = [
  ...["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "*_TOKEN", "*_API_KEY", "*_SECRET", "*_SECRET_*", "*_PASSWORD"],
] as const;

/**
 * Flags whose value is a token, a key or a password, and the shortest beginning that argparse accepts for each.
 * Sources: vllm/entrypoints/openai/cli_args.py and vllm/engine/arg_utils.py of vLLM 0.23; server_args.py of SGLang 0.5.
 */
const CREDENTIAL_FLAGS = [
  { flag: "api-key", shortest: "api-k" },
  { flag: "admin-api-key", shortest: "admin-a" },
  { flag: "hf-token", shortest: "hf-t" },
  { flag: "ssl-keyfile-password", shortest: "ssl-keyfile-p" },
];

/** The text that is shown instead of a credential. */
export const HIDDEN = "[secret]";

/** Whether a name of an environment variable says that its value is a credential. Case is not compared. */
export function isCredential(name: string, names: readonly string[] = CREDENTIAL_NAMES): boolean {
  return names === CREDENTIAL_NAMES ? isNamedAsCredential(name) : isOneOf(name, names);
}

/** The variables of presets are in every plan. */
const isNamedAsCredential = remembering((name): boolean => isOneOf(name, CREDENTIAL_NAMES));

function isOneOf(name: string, names: readonly string[]): boolean {
  const upper = name.toUpperCase();
  return piecesOf(names).some((pieces) => isMadeOf(upper, pieces));
}

const piecesOf = rememberingOf((names: readonly string[]): string[][] =>
  names.map((pattern) => pattern.toUpperCase().split("*")),
);

/** Whether a value is empty, or only consists of references to other variables as Kubernetes expands them. */
export function isReference(value: string): boolean {
  return value === "" || (value.startsWith("$(") && value.indexOf(")") === value.length - 1);
}

/** Whether a word is a flag for a credential: `--api-key` and `--api_key`. */
function isCredentialFlag(word: string): boolean {
  return word.startsWith("--") && isFlagOfCredential(word);
}

const isFlagOfCredential = remembering((word): boolean => {
  const name = word.slice(2).replaceAll("_", "-");
  return CREDENTIAL_FLAGS.some(({ flag, shortest }) => name.startsWith(shortest) && flag.startsWith(name));
});

/** Names of further fields and flags whose values may be credentials. */
const SECRET_NAME = /(?:token|secret|passw(?:or)?d|api[-_]?key|access[-_]?key|credentials?|authorization)$/i;

/** Whether the name of a field, a flag or a variable says that its value may be a credential. */
export function mayBeCredential(name: string): boolean {
  return isCredential(name) || isCredentialFlag(name) || SECRET_NAME.test(name);
}

/** The beginnings of tokens of hubs and clouds. */
const TOKENS: readonly string[] = [
  ...["hf_", "sk-", "nvapi-", "AKIA", "ASIA"],
  ...["ghp_", "gho_", "github_pat_", "glpat-", "xoxa-", "xoxb-", "xoxp-"],
];
/** Beginnings that ordinary words also have, as `hf_overrides` and `sk-learn` do. */
const ORDINARY: readonly string[] = ["hf_", "sk-", "AKIA", "ASIA"];
/** What a token has that ordinary words do not have: a long run, or a shorter one with a digit or a capital. */
const RUNS = /[A-Za-z0-9]+/g;
const LONG = 16;
const SHORT = 10;
/** The fewest characters of a token after its beginning. */
const FEWEST = 6;
const WORDS = /[A-Za-z0-9_-]+/g;
/** The user and password in a URL. The name of an image before its digest is not a user. */
const USER_IN_URL = /:\/\/[^/\s"'?#]+@/g;
const DIGEST = /^sha\d+:/;

/** A text without what has the form of a token, or of a user in a URL. */
export function withoutTokens(text: string): string {
  const words = TOKENS.some((start) => text.includes(start))
    ? text.replaceAll(WORDS, (word) => (isToken(word) ? HIDDEN : word))
    : text;
  if (!words.includes("://")) return words;
  return words.replaceAll(USER_IN_URL, (user, at: number) =>
    DIGEST.test(words.slice(at + user.length)) ? user : `://${HIDDEN}@`,
  );
}

function isToken(word: string): boolean {
  const start = TOKENS.find((one) => word.startsWith(one));
  if (start === undefined) return false;
  const rest = word.slice(start.length);
  return ORDINARY.includes(start) ? (rest.match(RUNS) ?? []).some(isRandom) : rest.length >= FEWEST;
}

function isRandom(run: string): boolean {
  return run.length >= LONG || (run.length >= SHORT && /[A-Z0-9]/.test(run));
}

/** A credential that a command line holds as text, and the flag or variable that it belongs to. */
interface Written {
  name: string;
  value: string;
}

/** The credentials that the words of a command line hold; a word may be a whole shell script. */
export function credentialsInWords(words: readonly string[]): readonly Written[] {
  return words.flatMap((word, index) => {
    const [name = "", value] = splitAt(word, "=");
    if (isCredentialFlag(name)) {
      const values = value === undefined ? valuesAfter(words, index) : [value];
      return values.filter((one) => !isOpen(one)).map((one) => ({ name, value: one }));
    }
    if (isSpaced(word)) return credentialsInScript(word);
    return value === undefined || isOpen(value) || !isCredential(name) ? [] : [{ name, value: withoutQuotes(value) }];
  });
}

/** Scripts are long, and those of presets are in every plan. */
const credentialsInScript = remembering((script) => credentialsInWords(script.split(/[\s;&|]+/).map(withoutQuotes)));

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
  const found: string[] = [];
  collectCredentials(document, found);
  return found;
}

function collectCredentials(document: unknown, found: string[]): void {
  if (Array.isArray(document)) {
    const words = document.filter((item): item is string => typeof item === "string");
    if (words.length > 0) found.push(...valuesOf(words));
    for (const item of document) collectCredentials(item, found);
  } else if (isObject(document)) {
    const { name, value } = { name: field(document, "name"), value: field(document, "value") };
    if (typeof name === "string" && typeof value === "string" && isCredential(name) && !isReference(value))
      found.push(value);
    eachEntry(document, (_name, item) => collectCredentials(item, found));
  }
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

/** Configs do not change: most are presets, which come with every plan. */
const credentialsOfConfig = rememberingOf((config: object): readonly string[] => credentialsIn(config));

/**
 * Issues whose messages and fixes quote no credential of these documents, and nothing that has the form of one. A note
 * quotes no value, and documents that cannot be read are not quoted.
 */
export function withoutQuotedCredentials(
  issues: readonly Issue[],
  { service, configs }: { service: unknown; configs: readonly unknown[] },
): Issue[] {
  const isQuoting = ({ severity }: Issue): boolean => severity !== "info";
  if (!issues.some(isQuoting) || issues.some(({ code }) => code === "UnreadableInput")) return [...issues];
  const ofConfigs = configs.flatMap((config) => (isObject(config) ? credentialsOfConfig(config) : []));
  const hidden = [...credentialsIn(service), ...ofConfigs];
  const shown = (text: string): string => withoutTokens(withoutCredentials(text, hidden));
  return issues.map((issue) => ({
    ...issue,
    message: shown(issue.message),
    ...(issue.fix !== undefined && { fix: shown(issue.fix) }),
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
  if (isText) return withoutTokens(withoutCredentials(value, valuesOf([value])));
  if (!Array.isArray(value)) return value;
  const texts = value.filter((item): item is string => typeof item === "string");
  const hidden = valuesOf(texts);
  return value.map((item) => {
    if (typeof item !== "string") return item;
    return hidden.includes(item) ? HIDDEN : withoutTokens(withoutCredentials(item, hidden));
  });
}

function valuesOf(words: readonly string[]): string[] {
  return credentialsInWords(words).map(({ value }) => value);
}
