import { remembering, rememberingOf } from "../kubernetes/remember.ts";
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
function isReference(value: string): boolean {
  return value === "" || (value.startsWith("$(") && value.indexOf(")") === value.length - 1);
}

/** Whether a word is a flag for a credential: `--api-key` and `--api_key`. */
export function isCredentialFlag(word: string): boolean {
  return word.startsWith("-") && isFlagOfCredential(word);
}

const isFlagOfCredential = remembering((word): boolean => {
  const [, written] = /^--?([A-Za-z].*)$/.exec(word) ?? [];
  if (written === undefined) return false;
  const name = written.replaceAll("_", "-");
  return CREDENTIAL_FLAGS.some(({ flag, shortest }) => name.startsWith(shortest) && flag.startsWith(name));
});

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

const SWITCH = /^(?:true|false)$/i;

/** Also a variable of a shell, what a template fills in, and a switch: `HF_HUB_DISABLE_IMPLICIT_TOKEN=true`. */
export function isOpen(value: string): boolean {
  return isReference(value) || SWITCH.test(value) || ["$", '"$', "{{"].some((start) => value.startsWith(start));
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
