import type { Container } from "../../../kubernetes/objects.ts";

/** Words of a script that may add packages to those of the image. */
const INSTALLS = /\b(?:install|activate|source|sync|PYTHONPATH)\b|(?:^|[;&\s])\.\s/;
/** Folders of installed packages. */
const PACKAGES = /\/(?:site|dist)-packages(?:\/|$)/;
/** What separates the commands of a script. */
const SEPARATOR = /[;&|\n]+/;
/** Commands that change no package; Python is one only if it runs vLLM's module. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...["vllm", "exec", "cd", "echo", "export", "set", "sleep", "ulimit", "mkdir", "date", "trap", "wait", "exit"],
  ...[
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "while",
    "do",
    "done",
    "for",
    "true",
    "unset",
    "umask",
    "printenv",
    "nvidia-smi",
  ],
]);

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
  if (words.some((word) => INSTALLS.test(word))) return false;
  const starter = words[0]?.split("/").at(-1) ?? "";
  const isStarted = command.length === 0 || /^(?:vllm|python[\d.]*|bash|sh|dash|env)$/.test(starter);
  return isStarted && words.filter((word) => /\s/.test(word)).every((word) => word.startsWith("-") || isHarmless(word));
}

/** Whether a script runs vLLM and nothing that may add packages. A JSON document is not a script. */
function isHarmless(script: string): boolean {
  if (/^\s*[{[]/.test(script)) return true;
  return script.split(SEPARATOR).every((one) => {
    const words = one.trim().split(/\s+/);
    const first = words.find((word) => word !== "exec" && !word.includes("=")) ?? "";
    if (/^python[\d.]*$/.test(first)) return words.some((word) => word.startsWith("vllm"));
    return first === "" || first.startsWith("-") || first.startsWith('"') || HARMLESS.has(first);
  });
}
