import { HIDDEN, isCredential, isCredentialFlag } from "../../core/knowledge/credentials.ts";
import { asText, isObject, type Json } from "../../core/kubernetes/json.ts";

/** Names of further fields and flags whose values may be credentials. */
const SECRET_NAME = /(?:token|secret|passw(?:or)?d|api[-_]?key|access[-_]?key|credentials?|authorization)$/i;
/** The beginnings of tokens of hubs and clouds. */
const TOKENS = [
  "hf_",
  "sk-",
  "ghp_",
  "gho_",
  "github_pat_",
  "glpat-",
  "nvapi-",
  "AKIA",
  "ASIA",
  "xoxa-",
  "xoxb-",
  "xoxp-",
];
const WORDS = /[A-Za-z0-9_-]+/g;
/** The fewest characters of a token after its beginning. */
const FEWEST = 6;
/** The user and password in a URL. */
const USER_IN_URL = /:\/\/[^/\s@]+@/g;

/** A value without what looks like a credential, by the name of its field, flag or variable, or by its form. */
export function masked(value: Json, name = ""): Json {
  if (typeof value === "string") {
    const [, flag, equals, rest] = /^(--?[\w.-]+)(=)(.*)$/s.exec(value) ?? [];
    if (flag !== undefined) return `${flag}${equals}${asText(masked(rest ?? "", flag))}`;
    return isSecret(name) ? HIDDEN : value.replaceAll(WORDS, withoutToken).replaceAll(USER_IN_URL, `://${HIDDEN}@`);
  }
  if (Array.isArray(value))
    return value.map((item, i) => {
      const before = value[i - 1];
      return masked(item, typeof before === "string" && before.startsWith("-") ? before : name);
    });
  if (!isObject(value)) return value;
  const variable = typeof value["name"] === "string" ? value["name"] : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      masked(item ?? null, key === "value" && variable !== undefined ? variable : key),
    ]),
  );
}

function isSecret(name: string): boolean {
  return isCredential(name) || isCredentialFlag(name) || SECRET_NAME.test(name);
}

function withoutToken(word: string): string {
  return TOKENS.some((start) => word.startsWith(start) && word.length >= start.length + FEWEST) ? HIDDEN : word;
}
