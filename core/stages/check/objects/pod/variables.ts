import { labelProblem } from "../../../../kubernetes/dns.ts";
import { asText } from "../../../../kubernetes/json.ts";
import { each, exactlyOne, fields, hasText, isSet, optional, type Rule, required, text } from "../fields.ts";
import { invalid, itemsOf, mapping, type Refusal, shown } from "../rule.ts";
import { DATA_KEY, NOT_UPWARD, OBJECT_NAME, VARIABLE_NAME } from "../texts.ts";
import { ENV_FIELD, ENV_RESOURCE } from "./fieldrefs.ts";

/** Environment variables. Source: ValidateEnv, validateEnvVarValueFrom, ValidateEnvFrom, pkg/apis/core/validation, Kubernetes 1.36. */
const KEY = fields({ name: required(OBJECT_NAME), key: required(DATA_KEY) });
const SOURCES = {
  fieldRef: ENV_FIELD,
  resourceFieldRef: ENV_RESOURCE,
  configMapKeyRef: KEY,
  secretKeyRef: KEY,
  fileKeyRef: fields({
    key: required(VARIABLE_NAME),
    volumeName: required(text(labelProblem, "write the name of a volume"), ofEmptyDir),
    path: required(NOT_UPWARD),
  }),
};

function ofEmptyDir(...[value, { path, pod }]: Parameters<Rule>): Refusal[] {
  const volume = itemsOf(pod.spec, "volumes", "").find(({ item }) => item["name"] === value)?.item;
  if (volume !== undefined && (isSet(volume["emptyDir"]) || Object.keys(volume).length === 1)) return [];
  return [invalid(path, `the pod has no emptyDir ${shown(asText(value))}`, "write the name of an emptyDir of the pod")];
}

const VARIABLE = fields(
  {
    name: (value, place) => VARIABLE_NAME(value ?? "", place),
    valueFrom: fields(SOURCES, exactlyOne(...Object.keys(SOURCES))),
  },
  (value, { path }) => {
    const variable = mapping(value);
    const isBoth = isSet(variable["valueFrom"]) && hasText(variable, "value");
    const message = `${shown(asText(variable["name"]))} has both value and valueFrom`;
    return isBoth ? [invalid(path, message, "remove value or valueFrom")] : [];
  },
);

const SOURCE = fields({ name: required(OBJECT_NAME) });

export const VARIABLES: Rule = each(VARIABLE);
export const VARIABLE_SOURCES: Rule = each(
  fields(
    { prefix: optional(VARIABLE_NAME), configMapRef: SOURCE, secretRef: SOURCE },
    exactlyOne("configMapRef", "secretRef"),
  ),
);
