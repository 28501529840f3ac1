import { withoutEnd } from "../kubernetes/text.ts";
import { isCredential, isCredentialFlag, isOpen } from "./credentials.ts";

/** The text that is shown instead of a credential. */
export const HIDDEN = "[secret]";

/**
 * What may be a credential, by the name of its field, flag or variable, or by its form: such values are not shown.
 * Whether they are reported is decided by the narrower names of credentials.ts.
 */

/** The last words of names of credentials; `PGPASS` and `HFTOKEN` end in one too. */
const LAST: readonly string[] = [
  ...["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PWD", "PASSPHRASE", "PASSCODE", "APIKEY", "ACCESSKEY"],
  ...["SECRETKEY", "PRIVATEKEY", "ACCOUNTKEY", "CREDENTIAL", "CREDENTIALS", "AUTHORIZATION", "COOKIE", "DSN"],
];
/** Kinds of keys that are credentials; other keys are names, as in `topologyKey`. */
const KEYS: readonly string[] = [
  ...["API", "ACCESS", "SECRET", "PRIVATE", "ACCOUNT", "STORAGE", "SIGNING", "ENCRYPTION", "SHARED", "MASTER"],
  ...["LICENSE", "AUTH", "SERVICE"],
];
/** Short words for a password, a personal access token and an authorization, at the end of the name of a variable. */
const SHORT_WORDS: readonly string[] = ["PW", "PAT", "AUTH"];
/**
 * Kinds of keys that name or sort things. `PRIMARY_KEY` is not one of them: the keys of accounts of Azure are called
 * primary and secondary.
 */
const NAMING: readonly string[] = ["ROUTING", "PARTITION", "CACHE", "SORT", "FOREIGN", "TOPOLOGY", "SHARD", "GROUP"];
const CONNECTIONS: readonly string[] = ["CONN", "CONNECTION"];
/** Words that only end like one, and names of directories. */
const OTHER_WORDS: readonly string[] = ["BYPASS", "COMPASS", "TRESPASS"];
const DIRECTORIES: readonly string[] = ["PWD", "OLDPWD"];
/** Tokens of a model's vocabulary. */
const OF_VOCABULARY: readonly string[] = [
  ...["BOS", "EOS", "PAD", "UNK", "SEP", "CLS", "MASK", "IMAGE", "AUDIO", "VIDEO", "START", "END", "STOP", "THINK"],
  ...["NEXT", "PER", "FIRST", "MAX", "NUM", "SPECIAL", "BOOL"],
];

/**
 * Whether a name says so little that its value may be an ordinary word as well: `HASH_KEY`, `DEFAULT_HEADERS`. Such a
 * value is hidden where it stands, and not searched for in other texts.
 */
export function isLooseName(name: string): boolean {
  const [last = ""] = wordsOf(name).slice(-1);
  const isOfKey = last === "KEY" && !KEYS.includes(wordsOf(name).at(-2) ?? "");
  return !isCredential(name) && !isCredentialFlag(name) && (isOfKey || last === "HEADERS" || last === "CONN");
}

/** Whether the name of a field, a flag or a variable says that its value may be a credential. */
export function mayBeCredential(written: string): boolean {
  if (isCredentialFlag(written)) return true;
  const name = plainName(written);
  const words = wordsOf(name);
  return !OF_VOCABULARY.includes(words.at(-2) ?? "") && (isCredential(name) || isOfSecret(name, words));
}

/** Words that stand behind the word that says what a variable holds: `HF_TOKEN_PROD`. */
const SUFFIXES: readonly string[] = [
  ...["PROD", "PRODUCTION", "STAGING", "STAGE", "DEV", "TEST", "OLD", "NEW", "PREVIOUS", "BACKUP", "PRIMARY"],
  ...["SECONDARY"],
];
/** Plurals in names of variables; in fields and flags, `tokens` are those of a text. */
const PLURALS: readonly string[] = ["KEYS", "SECRETS", "PASSWORDS", "APIKEYS"];
/** What a token is for, in front of several: `HF_TOKENS`, but not `MAX_TOKENS`. */
const OF_TOKENS: readonly string[] = [
  ...["HF", "HUB", "API", "AUTH", "ACCESS", "BEARER", "REFRESH", "GITHUB", "GITLAB", "SECRET"],
];
const IS_VARIABLE = /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/;

/** The name of a variable as `HF_TOKEN` is written: without a suffix, and in the singular. */
function plainName(name: string): string {
  if (!IS_VARIABLE.test(name)) return name;
  const words = name.split("_");
  const kept = words.length > 2 && SUFFIXES.includes(words.at(-1) ?? "") ? words.slice(0, -1) : words;
  const [before = "", last = ""] = kept.slice(-2);
  const isPlural =
    last === "KEYS" ? KEYS.includes(before) : last === "TOKENS" ? OF_TOKENS.includes(before) : PLURALS.includes(last);
  return isPlural ? kept.join("_").slice(0, -1) : kept.join("_");
}

function wordsOf(name: string): string[] {
  return (name.replaceAll(HUMP, "$1 $2").toUpperCase().match(ALNUM) ?? []).map(withoutNumber).filter(Boolean);
}

function isOfSecret(name: string, words: readonly string[]): boolean {
  const [before = "", last = ""] = words.length > 1 ? words.slice(-2) : ["", ...words];
  if (DIRECTORIES.includes(name) || OTHER_WORDS.includes(last)) return false;
  if (LAST.some((end) => last.endsWith(end))) return true;
  const isVariable = words.length > 1 && !LOWER.test(name);
  if (isVariable && SHORT_WORDS.includes(last)) return true;
  if (last === "SIGNATURE") return before === "AMZ" || before === "GOOG";
  if (last === "KEY") return KEYS.includes(before) || (isVariable && !NAMING.includes(before));
  if (last === "HEADERS") return (isVariable || name.startsWith("--")) && before !== "ALLOWED";
  if (last === "ID") return before === "KEY" && words.at(-3) === "ACCESS";
  if (["STRING", "STR"].includes(last)) return CONNECTIONS.includes(before);
  return last === "CONN" && isVariable;
}
const HUMP = /([a-z0-9])([A-Z])/g;
const ALNUM = /[A-Z0-9]+/g;
const LOWER = /[a-z]/;

/** `DB_PASS2` is a name as `DB_PASS` is. */
function withoutNumber(word: string): string {
  return word.replace(/\d$/, "");
}

/** The beginnings of tokens of hubs and clouds. */
const TOKENS: readonly string[] = [
  ...["hf_", "sk-", "nvapi-", "AKIA", "ASIA", "AIza", "gsk_", "npm_", "pypi-"],
  ...["ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxa-", "xoxb-", "xoxp-", "xapp-", "dckr_pat_"],
];
/** Beginnings that ordinary words also have, as `hf_overrides` and `sk-learn` do. */
const ORDINARY: readonly string[] = ["hf_", "sk-", "AKIA", "ASIA", "AIza", "gsk_", "npm_", "pypi-"];
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

/**
 * A text without what has the form of a token, a private key, or a user with a password, and without values of
 * credentials. In a sentence, the word after a flag is not its value.
 */
export function withoutTokens(text: string, isSentence = false): string {
  if (!HINT.test(text)) return text;
  const whole = withoutKeys(text);
  const words = TOKENS.some((start) => whole.includes(start))
    ? whole.replaceAll(WORDS, (word) => (isToken(word) ? HIDDEN : word))
    : whole;
  return withoutPairs(withoutUsers(words), isSentence);
}
/** What every credential that is recognised has in it, or before it. */
const HINT = /[:@]|(?:[?&]sig=|token|secret|pass|pwd|key|cred|auth|bearer|basic|headers|cookie|dsn|conn|eyj|_|-)/i;

/** The user in front of an `@`: in a URL, or `user:password@host` as drivers of databases write it. */
function withoutUsers(text: string): string {
  if (!text.includes("@")) return text;
  const urls = text.replaceAll(USER_IN_URL, (user, at: number) =>
    DIGEST.test(text.slice(at + user.length)) ? user : `://${HIDDEN}@`,
  );
  return urls.replaceAll(AROUND_AT, (part) => withoutPassword(part));
}
/** Words of a text, as they are separated by blanks and quotes. */
const AROUND_AT = /[^\s"']+/g;

function withoutPassword(word: string): string {
  const [at, colon] = [word.lastIndexOf("@"), word.indexOf(":")];
  const isUser = colon > 0 && colon < at - 1 && !word.includes("://") && !DIGEST.test(word.slice(at + 1));
  if (!isUser || !/^[\w([]/.test(word.slice(at + 1))) return word;
  const before = withoutEnd(word.slice(0, colon), (character) => /[\w.-]/.test(character));
  return `${before}${HIDDEN}${word.slice(at)}`;
}

/** `-----BEGIN … PRIVATE KEY-----` and what follows. */
function withoutKeys(text: string): string {
  const start = text.indexOf("-----BEGIN ");
  return start < 0 || !text.includes("PRIVATE KEY", start) ? text : `${text.slice(0, start)}${HIDDEN}`;
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

/** Words before which a scheme of HTTP authentication is written, and the first part of a JSON Web Token. */
const SCHEMES: readonly string[] = ["bearer", "basic"];
const USERS: readonly string[] = ["-u", "--user", "-U", "--proxy-user"];
const JWT = /^eyJ[\w-]{8}/;
/** Between a name and its value: `name=`, `"name": "`, also with the quotes of a quoted text; after a flag also a blank. */
const EQUALS = /(?:\\?["'])?(?:=|\s?:)\s?(?:\\?["'])?/y;
const QUOTED = /\\?["']\s?:/y;
const BLANK = /\s["']?/y;
const VALUE = /[^\s"'\\;&,{}]+/y;
const NAMES = /[\w.-]+/g;

/** A text without the values of `password=…`, `"password": "…"`, `--api-key …` and `Authorization: Bearer …`. */
function withoutPairs(text: string, isSentence: boolean): string {
  let shown = "";
  let end = 0;
  for (const { 0: word, index } of text.matchAll(NAMES)) {
    if (index < end) continue;
    const found = JWT.test(word) ? { from: index, to: index + word.length } : valueAfter(text, word, index, isSentence);
    if (found === undefined) continue;
    shown += `${text.slice(end, found.from)}${HIDDEN}`;
    end = found.to;
  }
  return shown + text.slice(end);
}

/** Where a credential starts and ends. */
interface Span {
  from: number;
  to: number;
}

/** The credential after a word; undefined if the word announces none. */
function valueAfter(text: string, word: string, at: number, isSentence: boolean): Span | undefined {
  const after = at + word.length;
  // `basic` also starts ordinary words of a sentence.
  if (SCHEMES.includes(word.toLowerCase())) return spanAt(text, endOf(BLANK, text, after), isCoded);
  // The user and password of curl.
  if (USERS.includes(word) && !isSentence)
    return spanAt(text, endOf(BLANK, text, after), (value) => value.includes(":"));
  if (!mayBeCredential(word) && !isSignature(text, word, at)) return undefined;
  const from = startOfValue(text, word, after) ?? (isSentence ? undefined : startAfterFlag(text, word, after));
  const found = spanAt(text, from, () => true);
  if (from === undefined || found === undefined) return undefined;
  const isScheme = SCHEMES.includes(text.slice(from, found.to).toLowerCase());
  return isScheme ? spanAt(text, endOf(BLANK, text, found.to), () => true) : found;
}

/** Whether a word is the user and password behind a flag of curl; views write the flag `-u` as `--u` in paths. */
export function isUserOfCurl(flag: string, word: string): boolean {
  return (USERS.includes(flag) || flag === "--u" || flag === "--U") && word.includes(":") && !/^[a-z]+:\/\//.test(word);
}

/** The signature of a URL: `?sig=…`. */
function isSignature(text: string, word: string, at: number): boolean {
  return word === "sig" && ["?", "&"].includes(text.charAt(at - 1)) && text.charAt(at + word.length) === "=";
}

function isCoded(value: string): boolean {
  return value.length >= FEWEST && /[A-Z0-9]/.test(value);
}

function spanAt(
  text: string,
  from: number | undefined,
  isCredentialText: (value: string) => boolean,
): Span | undefined {
  const to = from === undefined ? undefined : endOf(VALUE, text, from);
  if (from === undefined || to === undefined) return undefined;
  const value = text.slice(from, to);
  return isOpen(value) || value.startsWith(HIDDEN) || !isCredentialText(value) ? undefined : { from, to };
}

/** In sentences a colon ends a clause, so it only counts behind a quoted name, in front of a quote, and behind a header. */
function startOfValue(text: string, word: string, after: number): number | undefined {
  const from = endOf(EQUALS, text, after);
  if (from === undefined) return undefined;
  const isPair = text.charAt(after) === "=" || endOf(QUOTED, text, after) !== undefined;
  const isHeader =
    word.toLowerCase() === "authorization" || /^[A-Z][a-z]*-/.test(word) || /["']/.test(text.charAt(from - 1));
  return isPair || isHeader || !/\s/.test(text.charAt(from - 1)) ? from : undefined;
}

/** `--api-key KEY`; in a sentence the next word is one of the sentence. */
function startAfterFlag(text: string, word: string, after: number): number | undefined {
  return word.startsWith("--") ? endOf(BLANK, text, after) : undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
