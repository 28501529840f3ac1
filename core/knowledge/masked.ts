import type { Issue } from "../contract/issues/issue.ts";
import { asText, isObject, type Json } from "../kubernetes/json.ts";
import { bareStep, pathSteps } from "../kubernetes/path.ts";
import { rememberingOf } from "../kubernetes/remember.ts";
import { eachEntry } from "../kubernetes/table.ts";
import { credentialsInWords, isOpen } from "./credentials.ts";
import { hasHeaders, isHeaderShown } from "./headers.ts";
import { HIDDEN, isLooseName, isUserOfCurl, mayBeCredential, withoutTokens } from "./secretforms.ts";

/** A value without what may be a credential, by the name of its field, flag or variable, or by its form. */
export function masked(value: Json, name = ""): Json {
  if (typeof value === "string") return maskedText(value, name);
  if (Array.isArray(value)) {
    let before = name;
    return value.map((item) => {
      if (typeof item !== "string") return masked(item, name);
      // A flag may take several words.
      if (item.startsWith("-")) before = item;
      return masked(item, item.startsWith("-") ? "" : before);
    });
  }
  if (!isObject(value)) return value;
  const variable = typeof value["name"] === "string" ? value["name"] : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      hasHeaders(key)
        ? withoutHeaders(item ?? null)
        : masked(item ?? null, key === "value" && variable !== undefined ? variable : key),
    ]),
  );
}

/** Headers without the values of all but ordinary ones. */
function withoutHeaders(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutHeaders);
  if (!isObject(value)) return masked(value);
  const { name } = value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "value" && typeof item === "string" && !isHeaderShown(name, item) ? HIDDEN : withoutHeaders(item ?? null),
    ]),
  );
}

function maskedText(text: string, name: string): string {
  const at = text.indexOf("=");
  const flag = text.startsWith("-") && at > 0 ? text.slice(0, at) : "";
  if (flag !== "" && !/\s/.test(flag)) return `${flag}=${maskedText(text.slice(at + 1), flag)}`;
  if ((mayBeCredential(name) || isUserOfCurl(name, text)) && !isOpen(text)) return HIDDEN;
  const [user = ""] = /^-[uU](?=[^\s:]+:\S)/.exec(text) ?? [];
  if (user !== "" && !isOpen(text.slice(user.length))) return `${user}${HIDDEN}`;
  const values = credentialsInWords([text]).map(({ value }) => value);
  return withoutTokens(withoutCredentials(text, values));
}

/** The value of a leaf as views show it. `nameBeside` is the name of the variable, or the flag, if the path has only an index. */
export function shownValue(path: string, value: Json, nameBeside?: Json): Json {
  const [item = "", last = ""] = pathSteps(path).slice(-2);
  const isNamed = last === "value" || /^\[\d+\]$/.test(last);
  const variable = nameBeside ?? (item.startsWith("[name=") ? item.slice("[name=".length, -1) : undefined);
  const [own = ""] = bareStep(last).split("#");
  // The name of a header may stand in another leaf.
  const isHeader = last === "value" && item !== "" && pathSteps(path).some(hasHeaders);
  if (isHeader && !isHeaderShown(variable, value)) return HIDDEN;
  return masked(value, isNamed ? asText(variable ?? "") : own);
}

/** Every text of a document that is not shown as it is, or the part of it that is not. */
export function credentialsIn(document: unknown): string[] {
  const found: string[] = [];
  collect(document as Json, "", found);
  return found;
}

function collect(value: Json | undefined, name: string, found: string[]): void {
  if (typeof value === "string" || typeof value === "number") {
    const text = asText(value);
    const shown = maskedText(text, name);
    const parts = shown === text ? [] : hiddenParts(text, shown);
    found.push(...(isLooseName(name) ? parts.filter((part) => !ORDINARY.test(part)) : parts));
  } else if (Array.isArray(value)) {
    let before = name;
    for (const item of value) {
      const isFlag = typeof item === "string" && item.startsWith("-");
      if (isFlag) before = item;
      collect(item, isFlag || typeof item !== "string" ? "" : before, found);
    }
  } else if (isObject(value)) {
    const variable = value["name"];
    eachEntry(value, (key, item) => {
      if (hasHeaders(key)) collectHeaders(item, found);
      collect(item, VALUES.includes(key) && typeof variable === "string" ? variable : key, found);
    });
  }
}

function collectHeaders(value: Json | undefined, found: string[]): void {
  if (Array.isArray(value)) for (const item of value) collectHeaders(item, found);
  if (!isObject(value)) return;
  const { name, value: text } = value;
  if (typeof text === "string" && !isHeaderShown(name, text) && !ORDINARY.test(text)) found.push(text);
  for (const item of Object.values(value)) collectHeaders(item, found);
}

/** The fields of a variable that hold its value, or should not hold it. */
const VALUES = ["value", "valueFrom"];

/** A word or a number, as other texts have them too. */
const ORDINARY = /^(?:[a-z]+|\d+)$/i;

/** The parts of a text in the places of {@link HIDDEN} in what is shown of it. */
function hiddenParts(text: string, shown: string): string[] {
  const kept = shown.split(HIDDEN);
  const parts: string[] = [];
  let at = kept[0]?.length ?? 0;
  for (const [i, piece] of kept.slice(1).entries()) {
    const isLast = i === kept.length - 2;
    const end = isLast ? text.length - piece.length : text.indexOf(piece, at + 1);
    parts.push(text.slice(at, end));
    at = end + piece.length;
  }
  return parts;
}

/** Shorter texts are too common to be searched for inside of others. */
const SHORTEST = 4;

/** A text without these credentials. */
export function withoutCredentials(text: string, credentials: readonly string[]): string {
  const longest = credentials
    .filter(({ length }) => length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
  return longest.reduce(
    (rest, one) => (ORDINARY.test(one) ? withoutWord(rest, one) : rest.replaceAll(one, HIDDEN)),
    text,
  );
}

/** A text without a credential that is an ordinary word, where it is not a part of a longer one. */
function withoutWord(text: string, credential: string): string {
  const [first = "", ...others] = text.split(credential);
  let shown = first;
  for (const [i, piece] of others.entries()) {
    const before = (i === 0 ? first : (others[i - 1] ?? "")).slice(-1);
    const isInside =
      (isLetter(before) && isLetter(credential.charAt(0))) ||
      (isLetter(piece.charAt(0)) && isLetter(credential.slice(-1)));
    shown += (isInside ? credential : HIDDEN) + piece;
  }
  return shown;
}

function isLetter(character: string): boolean {
  return /^[A-Za-z]$/.test(character);
}

/** Configs do not change: most are presets, which come with every plan. */
const credentialsOfConfig = rememberingOf((config: object): readonly string[] => credentialsIn(config));

/**
 * The issues without the credentials of these documents in their messages and fixes, and without what has the form of
 * one. Notes do not quote values. Documents that cannot be read may be endless, so only forms are searched for.
 */
export function withoutQuotedCredentials(
  issues: readonly Issue[],
  { service, configs }: { service: unknown; configs: readonly unknown[] },
): Issue[] {
  if (!issues.some(({ severity }) => severity !== "info")) return [...issues];
  const isReadable = !issues.some(({ code }) => code === "UnreadableInput");
  const ofConfigs = configs.flatMap((config) => (isReadable && isObject(config) ? credentialsOfConfig(config) : []));
  const hidden = [...(isReadable ? credentialsIn(service) : []), ...ofConfigs];
  const shown = (text: string): string => withoutTokens(withoutCredentials(text, hidden), true);
  return issues.map((issue) => ({
    ...issue,
    message: shown(issue.message),
    ...(issue.fix !== undefined && { fix: shown(issue.fix).replace(QUOTES_OF_HIDDEN, "$1") }),
  }));
}

/** What is to be done with the quotes of a credential can be said without it. */
const QUOTES_OF_HIDDEN = /^(put it in quotes|remove the quotes): "?\[secret\]"?$/;
