import { shellWordsOf } from "../../../kubernetes/shellwords.ts";
import { isTemplate } from "../../../kubernetes/text.ts";

/** The parts of a container that decide which variables Kubernetes can expand in its args. */
export interface Variables {
  env?: readonly { name: string; value?: string }[];
  envFrom?: readonly unknown[];
}

/**
 * A name that no variable of the container has. `$(NAME)` may still be defined: a webhook may add the variable to the
 * pod.
 */
interface Missing {
  name: string;
  isKubernetes: boolean;
}

/** A word without a shell's variables, and the names that no variable of the container has. */
export interface PlainWord {
  text: string;
  missing: readonly Missing[];
}

/** Variables that every pod has: Kubernetes' own, and those that LeaderWorkerSet adds to its pods. */
const GIVEN = /^(KUBERNETES_\w+|\w+_SERVICE_(HOST|PORT)|LWS_(LEADER_ADDRESS|GROUP_SIZE|WORKER_INDEX))$/;

/** `$$(`, `$(…)`, `${NAME}` and `${NAME:-VALUE}`, `$NAME`. */
const REFERENCE = /\$\$\(|\$\(([^()]*)\)|\$\{([A-Za-z_]\w*)(?::?-([^}$]*))?\}|\$([A-Za-z_]\w*)/g;

/**
 * A word of an engine's args as Kubernetes expands it: Kubernetes only expands `$(NAME)`, so variables for a shell are
 * rewritten that way. A lower-case name after a bare dollar sign may be text. A word with a template is left alone,
 * because Go's templates have variables too. Source: k8s.io/kubernetes third_party/forked/golang/expansion, and the
 * `eval` of KServe v0.20.0's presets.
 */
export function plainWord(word: string, variables: Variables): PlainWord {
  if (!word.includes("$") || isTemplate(word)) return { text: word, missing: [] };
  const missing: Missing[] = [];
  const text = word.replace(
    REFERENCE,
    (written: string, command?: string, braced?: string, initial?: string, bare?: string) => {
      const name = command ?? braced ?? bare;
      if (name === undefined || isKnown(name, variables)) return name === undefined ? written : `$(${name})`;
      if (initial !== undefined) return initial;
      if (bare === undefined || bare === bare.toUpperCase())
        missing.push({ name, isKubernetes: command !== undefined && /^\w+$/.test(command) });
      return written;
    },
  );
  return { text, missing };
}

function isKnown(name: string, { env = [], envFrom = [] }: Variables): boolean {
  return GIVEN.test(name) || env.some((one) => one.name === name) || (envFrom.length > 0 && /^\w+$/.test(name));
}

/** The words of a text as a shell would pass them on, with its variables in the form that Kubernetes expands. */
export function plainWords(text: string, variables: Variables): PlainWord[] {
  return shellWordsOf(text)
    .filter(({ written }) => written !== "\\")
    .flatMap(({ written, read }): PlainWord[] => {
      const value = valueFor(written, variables);
      if (value !== undefined) return plainWords(value, { ...variables, env: without(written, variables) });
      return [/^[^']*'[^']*'$/.test(written) ? { text: read, missing: [] } : plainWord(read, variables)];
    });
}

const BARE = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;

/** The value of a variable that forms a whole word: a shell splits it into words. */
function valueFor(written: string, { env = [] }: Variables): string | undefined {
  const [, plain, braced] = BARE.exec(written) ?? [];
  return env.find(({ name }) => name === (plain ?? braced))?.value;
}

function without(written: string, { env = [] }: Variables): NonNullable<Variables["env"]> {
  const [, plain, braced] = BARE.exec(written) ?? [];
  return env.filter(({ name }) => name !== (plain ?? braced));
}

/** `--FLAG='VALUE'` and `'VALUE'`: quotes that only a shell removes. */
const QUOTED = /^(--?[A-Za-z][\w.-]*=)?(?:'([^']*)'|"((?:[^"\\]|\\.)*)")$/s;

/** A word without the quotes that were meant for a shell; a word that is not quoted as a whole stays. */
export function unquoted(word: string): string {
  if (!word.endsWith("'") && !word.endsWith('"')) return word;
  const [, flag = "", single, double] = QUOTED.exec(word) ?? [];
  const value = single ?? double?.replace(/\\(["\\$`])/g, "$1");
  return value === undefined ? word : flag + value;
}
