import type { Container } from "../../../kubernetes/objects.ts";

const INSTALLS = /\b(?:install|activate|source|sync|PYTHONPATH)\b|(?:^|[;&\s])\.\s/;

/** Whether a word of a script may add packages to those of the image. */
export function installs(word: string): boolean {
  return INSTALLS.test(word);
}

/** Folders of installed packages. */
const PACKAGES = /\/(?:site|dist)-packages(?:\/|$)/;
/** What separates the commands of a script. */
const SEPARATOR = /[;&|\n]+/;
/** Commands that change no package; Python is one only if it runs vLLM's module. */
const HARMLESS: ReadonlySet<string> = new Set(
  "vllm cd echo export set sleep ulimit mkdir date trap wait exit fi done for true unset umask printenv nvidia-smi".split(
    " ",
  ),
);
/** Words of a shell that stand in front of a command. */
const BEFORE: ReadonlySet<string> = new Set(["exec", "if", "then", "else", "elif", "while", "do", "!"]);
/** The words that a shell gets after its script. */
const ALL_ARGS = '"$@"';

/**
 * Whether the packages of a container are those of its image: no script runs anything that may add some, no volume
 * holds some, and no variable names another folder of them.
 */
export function hasOwnPackages({
  command = [],
  args = [],
  env = [],
  envFrom = [],
  volumeMounts = [],
}: Container): boolean {
  if (envFrom.length > 0 || env.some(({ name }) => name === "PYTHONPATH")) return false;
  if (volumeMounts.some(({ mountPath }) => PACKAGES.test(mountPath))) return false;
  const words = [...command, ...args].map(String);
  if (words.some(installs)) return false;
  return (
    (command.length === 0 || isPlainStart(words)) &&
    words.filter((word) => /\s/.test(word)).every((word) => word.startsWith("-") || isHarmless(word))
  );
}

/** Whether a command is vLLM, Python, or a shell with a script in its words: a file that it runs may do anything. */
function isPlainStart([first = "", second = ""]: readonly string[]): boolean {
  const starter = first.split("/").at(-1) ?? "";
  return /^(?:vllm|python[\d.]*|env)$/.test(starter) || (/^(?:ba|da)?sh$/.test(starter) && second.startsWith("-"));
}

/** Whether a script runs vLLM and nothing that may add packages. A JSON document is not a script. */
function isHarmless(script: string): boolean {
  if (/^\s*[{[]/.test(script)) return true;
  return script.split(SEPARATOR).every((one) => {
    const words = one.trim().split(/\s+/);
    const first = words.find((word) => !BEFORE.has(word) && !word.includes("=")) ?? "";
    if (/^python[\d.]*$/.test(first)) return words.some((word) => word.startsWith("vllm"));
    return first === "" || first.startsWith("-") || first === ALL_ARGS || HARMLESS.has(first);
  });
}
