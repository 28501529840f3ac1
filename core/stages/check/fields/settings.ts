import type { Behaviour } from "../../../contract/behaviour.ts";
import { isNotYetKnown } from "../../../contract/input/unknown.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import type { Settings } from "../../../contract/options/settings.ts";
import { releaseNumber } from "../../../knowledge/engine/release.ts";
import { factsOf } from "../../../knowledge/models/facts.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { CheckInput } from "../check.ts";

type Options = Pick<CheckInput, "modelInfo" | "engineVersion">;

/** Problems of the settings and of the options of the checks that a type does not express. */
export function judgeSettings(
  input: Options & Pick<CheckInput, "settings">,
  { checks }: Pick<Behaviour, "checks">,
): Issue[] {
  const { settings } = input;
  return [...judgeOptions(input), ...(checks ? [...judgeLimits(settings), ...judgeValues(settings)] : [])];
}

/** An option without effect is an error. */
function judgeOptions({ modelInfo, engineVersion }: Options): Issue[] {
  const found: Issue[] = [];
  if (engineVersion !== undefined && releaseNumber(engineVersion) === undefined) {
    const message = `${JSON.stringify(engineVersion)} is not a release of vLLM`;
    found.push(invalid("engineVersion", message, "write a release such as 0.23.0"));
  }
  if (modelInfo !== undefined && modelInfo.weightBytes === undefined && factsOf(modelInfo) === undefined) {
    const missing = NEEDED.filter((field) => ({ ...modelInfo, ...modelInfo.text_config })[field] === undefined);
    const message = `modelInfo does not determine the size of the model: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`;
    found.push(
      invalid("modelInfo", message, "pass the model's config.json, or weightBytes for a model of the catalogue"),
    );
  }
  return found;
}

const NEEDED = ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size"] as const;

/** Kubernetes refuses a pod whose limit is below its request. */
function judgeLimits({ storageInitializer: sizes }: Settings): readonly Issue[] {
  return (["cpu", "memory"] as const).flatMap((resource) => {
    const [request, limit] = [sizes[`${resource}Request`], sizes[`${resource}Limit`]];
    if ([request, limit].some((text) => text === "" || isNotYetKnown(text))) return [];
    if (quantityNumber(limit) >= quantityNumber(request)) return [];
    const path = `settings.storageInitializer.${resource}Limit`;
    const message = `the limit ${limit} is below ${resource}Request (${request})`;
    return [invalid(path, message, `set ${resource}Limit to at least ${request}, or lower ${resource}Request`)];
  });
}

const SCHEMES: readonly string[] = ["http", "https"];
const SWITCHES: readonly string[] = ["", "0", "1", "true", "false"];
/** Source: BuildS3EnvVars in pkg/credentials/s3/utils.go, KServe v0.20.0: only 0 turns HTTPS off. */
const HTTPS = "s3UseHttps";
const S3_SWITCHES: readonly string[] = [
  ...[HTTPS, "s3VerifySSL", "s3UseVirtualBucket", "s3UseAccelerate", "s3UseAnonymousCredential"],
];

/** Values that KServe takes as they are, and that then do not do what they say. */
function judgeValues({ urlScheme, credentials: { s3 } }: Settings): readonly Issue[] {
  const found: Issue[] = [];
  const warn = (path: string, message: string, fix: string): void => {
    found.push({ ...invalid(`settings.${path}`, message, fix), severity: "warning" });
  };
  if (!isNotYetKnown(urlScheme) && !SCHEMES.includes(urlScheme.toLowerCase()))
    warn("urlScheme", `${JSON.stringify(urlScheme)} is not a scheme that gateways serve`, "write http or https");
  for (const name of S3_SWITCHES) {
    const value = entryOf(s3 ?? {}, name);
    if (value === undefined || isNotYetKnown(value)) continue;
    const word = value.toLowerCase();
    const fix = 'write "1" or "0"';
    if (!SWITCHES.includes(word)) warn(`credentials.s3.${name}`, "the text is neither 1, 0, true nor false", fix);
    else if (name === HTTPS && word === "false")
      warn(`credentials.s3.${name}`, `only "0" turns HTTPS off, and HTTPS is used with "${value}"`, 'write "0"');
  }
  return found;
}

function invalid(path: string, message: string, fix: string): Issue {
  return { code: "InvalidValue", severity: "error", path, layer: "service", message, fix };
}
