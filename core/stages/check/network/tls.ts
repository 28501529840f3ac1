import type { Fix } from "../../../contract/issues/issue.ts";
import { POD_PATH } from "../../../contract/names.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { schedulerFlag } from "../../../knowledge/scheduler/flags.ts";
import { goFlagValue, isOn } from "../../../knowledge/scheduler/goflags.ts";
import { standingOf } from "../../../knowledge/scheduler/releases.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { PROBES } from "../../../kubernetes/workloads/pods.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf, goFlagField, goFlagPath } from "../flagplace.ts";
import { type Picker, pickerOf } from "../scheduler/schedulerflags.ts";
import { engineListener, listenersOf, portOf, type Scheme, sidecarIn } from "./listeners.ts";

export const TLS_CHECK: Check = {
  name: "all sides of a connection use TLS, or none does",
  source:
    "settings.enableTLS, by which the Service and the scheduler reach the engines; uvicorn serves TLS where it has a certificate; the flags of llm-d's sidecar and scheduler",
  codes: ["TlsMismatch"],
  judge: (subject) => [
    ...subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
    ...subject.engines.flatMap((engine) => judgeProbes(engine, subject)),
    ...subject.engines.flatMap((engine) => judgeSidecar(engine, subject)),
    ...judgePicker(subject),
  ],
};

function schemeOf({ settings }: CheckSubject): Scheme {
  return settings.enableTLS ? "HTTPS" : "HTTP";
}

/** Why a side uses the scheme that it uses. */
function because({ settings }: CheckSubject): string {
  return `TLS is ${settings.enableTLS ? "on" : "off"} in the settings`;
}

/** A certificate that the user mounts, while Service, scheduler and probes use HTTP. */
function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, isVllm } = engine;
  if (!isVllm || subject.settings.enableTLS || flagValue(args, "ssl-certfile") === undefined) return [];
  const message = `the engine serves HTTPS because of --ssl-certfile, but ${because(subject)}, so the Service, the scheduler and the probes use HTTP`;
  const flags = ["ssl-certfile", "ssl-keyfile", "ssl-ca-certs", "enable-ssl-refresh"].filter(
    (flag) => flagValue(args, flag) !== undefined,
  );
  const fixes = flags.map((flag): Fix => ({ path: flagAt(engine, flag) }));
  const fix = `remove ${flags.map((flag) => `--${flag}`).join(" and ")}, or set enableTLS to true in the settings, which sets them`;
  const layer = layerOfFlag(subject, engine, "ssl-certfile");
  const { route, scheduler } = subject.spec.router ?? {};
  const isRouted = route !== undefined || scheduler !== undefined;
  return [found({ path: flagPathOf(engine, "ssl-certfile"), message, fix, fixes, layer, certain: isRouted })];
}

function judgeProbes(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { container, path, traced, isVllm } = engine;
  if (!isVllm) return [];
  return PROBES.flatMap((probe): CheckFinding[] => {
    const { httpGet } = container[probe] ?? {};
    const listener = listenersOf(engine).find(({ port }) => port === portOf(container, httpGet?.port));
    const scheme = httpGet?.scheme ?? "HTTP";
    // The scheme from the settings is right once the other side follows it, which is reported for that side.
    if (httpGet === undefined || listener === undefined || scheme === listener.scheme || scheme === schemeOf(subject))
      return [];
    const message = `the ${probe} uses ${scheme}, but the ${listener.who} serves ${listener.scheme} on port ${listener.port}, because ${because(subject)}: ${AFTER[probe]}`;
    const other = subject.settings.enableTLS ? "remove scheme" : "or set enableTLS to true in the settings";
    const fix = `set scheme to ${listener.scheme}, ${subject.settings.enableTLS ? "or " : ""}${other}`;
    const fixes = [{ path: `spec.${traced}.${probe}.httpGet.scheme`, value: listener.scheme }];
    const at = `${path}.${probe}.httpGet.scheme`;
    return [found({ path: at, message, fix, fixes, certain: listener.who === "engine" })];
  });
}

const AFTER: Readonly<Record<(typeof PROBES)[number], string>> = {
  startupProbe: "the pod is restarted over and over",
  readinessProbe: "the pod never becomes ready",
  livenessProbe: "the pod is restarted over and over",
};

/** The sidecar connects to the Service's clients, to its own engine, and to the engines of prefill. */
function judgeSidecar(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const sidecar = sidecarIn(engine);
  if (sidecar?.settings === undefined || !engine.isVllm || engine.pod !== "template") return [];
  const { isSecure, tlsTo, certPath } = sidecar.settings;
  const wanted = subject.settings.enableTLS;
  const at = `${engine.path.slice(0, engine.path.indexOf(".containers["))}.${sidecar.path}`;
  const prefill = subject.engines.find(({ role, pod }) => role === "prefill" && pod === "template");
  const isOwnTls = engineListener(engine).scheme === "HTTPS";
  const isPrefillTls = prefill?.isVllm === true ? engineListener(prefill).scheme === "HTTPS" : undefined;
  const scheme = (on: boolean): string => (on ? "HTTPS" : "HTTP");
  const rows: [isWrong: boolean, message: string, fix: string][] = [
    [
      isSecure !== wanted,
      `the sidecar serves ${scheme(isSecure)}, but ${because(subject)}, so the Service sends ${scheme(wanted)}`,
      `start it with --secure-proxy=${wanted}`,
    ],
    [
      tlsTo.decoder !== isOwnTls,
      `the sidecar sends ${scheme(tlsTo.decoder)} to the engine, which serves ${scheme(isOwnTls)}`,
      toggle("decoder", isOwnTls),
    ],
    [
      isPrefillTls !== undefined && tlsTo.prefiller !== isPrefillTls,
      `the sidecar sends ${scheme(tlsTo.prefiller)} to prefill, which serves ${scheme(isPrefillTls === true)}`,
      toggle("prefiller", isPrefillTls === true),
    ],
    [
      isSecure && lacksCertificate(certPath, sidecar.container, engine.podSpec, subject),
      `the sidecar reads a certificate from ${certPath}, but ${because(subject)}, so this folder has no certificate`,
      "remove --cert-path",
    ],
  ];
  return rows.filter(([isWrong]) => isWrong).map(([, message, fix]) => found({ path: at, message, fix }));
}

function toggle(stage: string, on: boolean): string {
  return on ? `start it with --enable-tls=${stage}` : `remove --enable-tls=${stage}`;
}

/** Whether a certificate is read where the presets mount the one of the settings, which is only made with TLS on. */
function lacksCertificate(
  path: string | undefined,
  container: Container,
  pod: PodSpec,
  { settings }: CheckSubject,
): boolean {
  if (settings.enableTLS || path?.replace(/\/$/, "") !== POD_PATH.certificates) return false;
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === POD_PATH.certificates);
  const secret = pod.volumes?.find(({ name }) => name === mount?.name)?.secret;
  return mount === undefined || secret?.optional === true;
}

/**
 * The scheduler reads the engines' metrics. The gateway always connects to it with TLS, and it makes a certificate if
 * it has none.
 */
function judgePicker(subject: CheckSubject): CheckFinding[] {
  const picker = pickerOf(subject);
  if (picker === undefined) return [];
  return [...judgeMetrics(picker, subject), ...judgeCertificate(picker, subject), ...judgeServing(picker)];
}

const SCHEME = "model-server-metrics-scheme";

function judgeMetrics({ line, path, fixPath, release, container }: Picker, subject: CheckSubject): CheckFinding[] {
  const flag = schedulerFlag(SCHEME);
  // Later releases read the scheme from the configuration of a plugin.
  if (flag === undefined || release === undefined || standingOf(flag, release).is !== "there") return [];
  const scheme = (goFlagValue(line, SCHEME) ?? "http").toUpperCase();
  const [engine] = subject.engines.filter(({ isVllm, pod }) => isVllm && pod === "template");
  const served = engine === undefined ? undefined : listenersOf(engine).at(-1)?.scheme;
  if (served === undefined || scheme === served || scheme === schemeOf(subject)) return [];
  // The check of flags reports other words.
  if (scheme !== "HTTP" && scheme !== "HTTPS") return [];
  const message = `the scheduler reads the metrics of the engines over ${scheme}, but they serve ${served}, because ${because(subject)}: it does not see their load`;
  const fix = `set --${SCHEME} to ${served.toLowerCase()}`;
  const field = goFlagField(container, SCHEME);
  const fixes = [{ path: `${fixPath}.${field}[--${SCHEME}]`, value: served.toLowerCase() }];
  return [found({ path: goFlagPath(path, container, SCHEME), message, fix, fixes })];
}

function judgeCertificate({ line, path, fixPath, container }: Picker, subject: CheckSubject): CheckFinding[] {
  const at = goFlagValue(line, "cert-path");
  const pod = subject.spec.router?.scheduler?.template ?? {};
  const isSecure = isOn(goFlagValue(line, "secure-serving"), true);
  if (!isSecure || !lacksCertificate(at, container, pod, subject)) return [];
  const message = `the scheduler reads a certificate from ${at}, but ${because(subject)}, so this folder has no certificate, and the scheduler exits`;
  const fix =
    "remove --cert-path: without it, the scheduler makes a certificate; or set enableTLS to true in the settings";
  const fixes = [{ path: `${fixPath}.${goFlagField(container, "cert-path")}[--cert-path]` }];
  return [found({ path: goFlagPath(path, container, "cert-path"), message, fix, fixes })];
}

/**
 * Source: the endpoint-picker protocol of the Gateway API inference extension; gateways connect with TLS and do not
 * verify the certificate.
 */
function judgeServing({ line, path, fixPath, container }: Picker): CheckFinding[] {
  const value = goFlagValue(line, "secure-serving");
  if (isOn(value, true)) return [];
  const message = "the scheduler serves without TLS, but gateways connect to it with TLS";
  const fixes = [{ path: `${fixPath}.${goFlagField(container, "secure-serving")}[--secure-serving]` }];
  const fix = "remove --secure-serving=false";
  return [found({ path: goFlagPath(path, container, "secure-serving"), message, fix, fixes, certain: false })];
}

interface Found extends Pick<CheckFinding, "path" | "message" | "fix" | "fixes"> {
  layer?: string;
  /** Whether the connection is known to fail. Default: true. */
  certain?: boolean;
}

function found({ certain = true, layer = "merged", ...finding }: Found): CheckFinding {
  return { code: "TlsMismatch", layer, ...finding, ...(!certain && { severity: "warning" }) };
}
