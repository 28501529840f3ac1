import { field, objectsOf, textsOf } from "../../core/kubernetes/json.ts";
import { rule } from "../rule.ts";
import { containersOf, named, podsIn, violates } from "./pods.ts";

const NAMES = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "*_TOKEN", "*_API_KEY", "*_SECRET", "*_SECRET_*", "*_PASSWORD"];
/** vLLM's flag for the key that clients must send. */
const KEY_FLAG = "--api-key";

export const TOKENS_RULE = rule({
  name: "no-plain-tokens",
  description: "Tokens and keys come from Secrets, not from the text of a container's environment or arguments.",
  level: "mandatory",
  scope: "resource",
  fields: {
    names: {
      type: "array",
      items: { type: "string" },
      description: "Names of environment variables that hold tokens; * stands for any text. Case is not compared.",
      default: NAMES,
    },
  },
  judge: (resources, { names }) =>
    podsIn(resources).flatMap((pods) =>
      containersOf(pods).flatMap((container) => {
        const where = named(container);
        const variables = plainVariables(container["env"], names).map(
          (name) => `${where} has the text of ${name} in its environment; use valueFrom.secretKeyRef`,
        );
        const keys = hasPlainKey([...textsOf(container["command"]), ...textsOf(container["args"])])
          ? [`${where} has the text of a key after ${KEY_FLAG}; use $(NAME) of a variable that comes from a Secret`]
          : [];
        return [...variables, ...keys].map((message) => violates(pods, message));
      }),
    ),
});

function plainVariables(env: unknown, names: readonly string[]): string[] {
  return objectsOf(env).flatMap((variable) => {
    const name = field(variable, "name");
    const value = field(variable, "value");
    if (typeof name !== "string" || typeof value !== "string" || isReference(value)) return [];
    return names.some((pattern) => isMatch(name.toUpperCase(), pattern.toUpperCase())) ? [name] : [];
  });
}

/** Whether a value is empty, or only consists of references to other variables as Kubernetes expands them. */
function isReference(value: string): boolean {
  return value === "" || (value.startsWith("$(") && value.indexOf(")") === value.length - 1);
}

function hasPlainKey(args: readonly string[]): boolean {
  return args.some((arg, index) => {
    const key = arg.startsWith(`${KEY_FLAG}=`) ? arg.slice(KEY_FLAG.length + 1) : args[index + 1];
    const isFlag = arg === KEY_FLAG || arg.startsWith(`${KEY_FLAG}=`);
    return isFlag && key !== undefined && !isReference(key);
  });
}

/**
 * Whether a text matches a pattern with asterisks: its parts occur in their order. Linear in the text for each part.
 */
export function isMatch(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
