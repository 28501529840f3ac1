/** The parts of a pod that show why it does not run. */
export interface PodState {
  metadata: { name: string; deletionTimestamp?: string };
  status?: {
    phase?: string;
    conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
    initContainerStatuses?: readonly ContainerState[];
    containerStatuses?: readonly ContainerState[];
  };
}

export interface ContainerState {
  name: string;
  restartCount?: number;
  state?: {
    waiting?: { reason?: string; message?: string };
    terminated?: Ended;
  };
  lastState?: { terminated?: Ended };
}

interface Ended {
  exitCode?: number;
  reason?: string;
  message?: string;
}

/** Why pods do not start, in one line; it is the same for all affected pods. */
export interface Reason {
  /** The affected pods, in the order given. */
  pods: string[];
  text: string;
}

/** Reasons of a waiting container that are part of a normal start. */
const ON_ITS_WAY: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing", ""]);

/** The causes that keep pods from running, each once. Pods that are being deleted do not count. */
export function reasonsOf(pods: readonly PodState[]): Reason[] {
  const byText = new Map<string, string[]>();
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    for (const text of textsOf(pod)) byText.set(text, [...(byText.get(text) ?? []), pod.metadata.name]);
  }
  return [...byText].map(([text, names]) => ({ pods: names, text }));
}

function textsOf({ status = {} }: PodState): string[] {
  const { phase, conditions = [], initContainerStatuses = [], containerStatuses = [] } = status;
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") {
    return [`cannot be scheduled (${scheduled.reason ?? "no reason given"}): ${scheduled.message ?? "no message"}`];
  }
  if (phase === "Succeeded") return [];
  return [...initContainerStatuses, ...containerStatuses].flatMap(textOfContainer);
}

function textOfContainer({ name, state, lastState, restartCount = 0 }: ContainerState): string[] {
  const ended = state?.terminated ?? lastState?.terminated;
  const { reason = "", message } = state?.waiting ?? {};
  if (state?.waiting !== undefined && !ON_ITS_WAY.has(reason)) {
    const after = ended === undefined ? "" : ` after ${endOf(ended)}`;
    // The kubelet's message on a crash loop contains the pod and the back-off, which differ each time, so the
    // container's own message is used.
    const detail = reason === "CrashLoopBackOff" || message === undefined ? "" : `: ${message}`;
    return [`container ${name} waits (${reason})${after}${detail}`];
  }
  if (state?.terminated !== undefined && state.terminated.exitCode !== 0) {
    return [`container ${name} ended with ${endOf(state.terminated)}`];
  }
  // Between two crashes the container runs: if it was killed for its memory, that is still why it does not become
  // ready.
  if (restartCount > 0 && lastState?.terminated?.reason === "OOMKilled") {
    return [`container ${name} was restarted after ${endOf(lastState.terminated)}`];
  }
  return [];
}

function endOf({ exitCode, reason, message }: Ended): string {
  const why = reason === undefined || reason === "Error" ? "" : ` (${reason})`;
  const given = message === undefined ? "" : `: ${message.trim()}`;
  return `exit code ${exitCode ?? "unknown"}${why}${given}`;
}

const NAMED = 2;

/** `chat-kserve-5f6d-x2x and 3 more pods: cannot be scheduled (…): …`. */
export function formatReason({ pods, text }: Reason): string {
  const more = pods.length - NAMED;
  const named = pods.slice(0, NAMED).join(", ");
  if (more <= 0) return `${pods.length === 1 ? "pod" : "pods"} ${named}: ${text}`;
  return `pods ${named} and ${more} more: ${text}`;
}
