import { CREDENTIAL_NAMES, credentialsInWords, isCredential, isOpen } from "../../core/knowledge/credentials.ts";
import { field, objectsOf, textsOf } from "../../core/kubernetes/json.ts";
import { rule } from "../rule.ts";
import { containersOf, named, podsIn, violates } from "./pods.ts";

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
      default: [...CREDENTIAL_NAMES],
    },
  },
  judge: (resources, { names }) =>
    podsIn(resources).flatMap((pods) =>
      containersOf(pods).flatMap((container) => {
        const where = named(container);
        const variables = plainVariables(container["env"], names).map(
          (name) => `${where} has the text of ${name} in its environment; use valueFrom.secretKeyRef`,
        );
        const words = [...textsOf(container["command"]), ...textsOf(container["args"])];
        const keys = [...new Set(credentialsInWords(words).map(({ name }) => name))].map(
          (name) =>
            `${where} has the text of ${name} in its command line; use $(NAME) of a variable that comes from a Secret`,
        );
        return [...variables, ...keys].map((message) => violates(pods, message));
      }),
    ),
});

function plainVariables(env: unknown, names: readonly string[]): string[] {
  return objectsOf(env).flatMap((variable) => {
    const name = field(variable, "name");
    const value = field(variable, "value");
    if (typeof name !== "string" || typeof value !== "string" || isOpen(value)) return [];
    return isCredential(name, names) ? [name] : [];
  });
}
