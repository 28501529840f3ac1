import { POD_PART } from "../../../contract/names.ts";
import { ENGINE_TITLE } from "../../../knowledge/engine/engines.ts";
import { SGLANG_LINES } from "../../../knowledge/engine/sglang/flags.ts";
import { initContainerNamed } from "../../../kubernetes/workloads/pods.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";
import { sidecarIn } from "../network/listeners.ts";
import { judgeScheduler } from "../roles/roles.ts";

/** What SGLang's two roles and llm-d's sidecar must agree on. */
export const SGLANG_ROLES_CHECK: Check = {
  name: "SGLang's prefill can hand its KV cache to decode",
  source:
    "--disaggregation-mode, -transfer-backend and -bootstrap-port of sglang/srt/server_args.py; handleSGLang in pkg/sidecar/proxy of llm-d-router",
  codes: ["RolesDisagree"],
  judge: (subject) => {
    const [decode, prefill] = (["main", "prefill"] as const).map((role) =>
      subject.engines.find((one) => one.role === role && one.pod === "template" && one.isSglang),
    );
    if (decode === undefined || prefill === undefined) return [];
    return [
      ...judgeMode(decode, "decode", subject),
      ...judgeMode(prefill, "prefill", subject),
      ...judgeBackends(decode, prefill, subject),
      ...judgeSidecar(decode, prefill, subject),
      ...judgeScheduler(subject),
    ];
  },
};

const MODE = "disaggregation-mode";
const BACKEND = "disaggregation-transfer-backend";
const BOOTSTRAP = "disaggregation-bootstrap-port";
/** SGLang's defaults; the sidecar's for the port is the same. */
const DEFAULT = { [BACKEND]: "mooncake", [BOOTSTRAP]: "8998" } as const;

function flagOf({ args }: Engine, flag: string): string | undefined {
  return SGLANG_LINES.flagValue(args, `--${flag}`);
}

function finding(
  engine: Engine,
  subject: CheckSubject,
  { flag, message, fix }: { flag: string; message: string; fix: string },
): CheckFinding {
  // A configuration file may set what the command line does not.
  const isOpen = flagOf(engine, "config") !== undefined && flagOf(engine, flag) === undefined;
  const layer = layerOfFlag(subject, engine, flag);
  return {
    code: "RolesDisagree",
    ...(isOpen && { severity: "warning" }),
    path: flagPathOf(engine, flag),
    layer,
    message,
    fix,
  };
}

function judgeMode(engine: Engine, wanted: string, subject: CheckSubject): CheckFinding[] {
  const mode = flagOf(engine, MODE) ?? "null";
  if (mode === wanted || mode.includes("$")) return [];
  const message = `the engine of ${wanted} runs with --${MODE} ${mode}, so the roles exchange no KV cache`;
  const fix = `set --${MODE}=${wanted}, as the presets do`;
  return [finding(engine, subject, { flag: MODE, message, fix })];
}

function judgeBackends(decode: Engine, prefill: Engine, subject: CheckSubject): CheckFinding[] {
  const [one, other] = [decode, prefill].map((engine) => flagOf(engine, BACKEND) ?? DEFAULT[BACKEND]);
  if (one === other) return [];
  const message = `decode transfers its KV cache by ${one}, but prefill by ${other}`;
  const fix = `set --${BACKEND} to the same for both roles`;
  return [finding(prefill, subject, { flag: BACKEND, message, fix })];
}

/** The sidecar sends the port of prefill's bootstrap server to both roles. */
function judgeSidecar(decode: Engine, prefill: Engine, subject: CheckSubject): CheckFinding[] {
  const sidecar = sidecarIn(decode);
  const at = { code: "RolesDisagree" as const, path: "spec.template.initContainers", layer: "merged" };
  if (sidecar === undefined) {
    const message = "decode has no routing sidecar, so prefill never receives prompts";
    return [{ ...at, severity: "warning", message, fix: "keep the container llm-d-routing-sidecar of the preset" }];
  }
  const connector = sidecar.settings?.connector;
  if (connector !== undefined && connector !== "sglang") {
    const message = `the sidecar uses the connector ${connector}, but the engine is ${ENGINE_TITLE.sglang}`;
    return [{ ...at, message, fix: "start the sidecar with --kv-connector=sglang" }];
  }
  const env = initContainerNamed(decode.podSpec, POD_PART.sidecar)?.env?.find(({ name }) => name === PORT_VARIABLE);
  if (env !== undefined && env.value === undefined) return [];
  const port = env?.value ?? DEFAULT[BOOTSTRAP];
  const served = flagOf(prefill, BOOTSTRAP) ?? DEFAULT[BOOTSTRAP];
  if (port === served || served.includes("$")) return [];
  const message = `prefill's bootstrap server listens on ${served}, but the sidecar makes decode connect to ${port}`;
  const fix = `remove --${BOOTSTRAP}, or set ${PORT_VARIABLE} to ${served} in the env of the sidecar`;
  return [finding(prefill, subject, { flag: BOOTSTRAP, message, fix })];
}

const PORT_VARIABLE = "SGLANG_BOOTSTRAP_PORT";
