import { POD_PATH } from "../../../contract/names.ts";
import { roleAt } from "../../../contract/role.ts";
import { type ServerStart, serverStart } from "../../../knowledge/engine/otherservers.ts";
import { fit as estimate } from "../../../knowledge/memory/fit.ts";
import { GIB, gib } from "../../../knowledge/memory/rank.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { tensorSizes } from "../../../knowledge/models/split.ts";
import { PROBES } from "../../../kubernetes/workloads/pods.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import { asCertain } from "../devices/certain.ts";
import { devicesOf } from "../devices/devices.ts";
import { fitRequestOf, rankOf } from "../devices/memory.ts";
import type { Engine } from "../engine.ts";
import { goFlagPath } from "../flagplace.ts";
import { LOOPBACK, mayBeForwarded } from "./hosts.ts";
import { mayListen, portOf, sidecarIn } from "./listeners.ts";

/** The few rules of other engines that follow from what their servers do before they load a model. */
export const OTHER_SERVERS_CHECK: Check = {
  name: "Text Generation Inference and TensorRT-LLM answer on the pod's address, and have a GPU for each rank",
  source: "core/knowledge/engine/otherservers.ts",
  codes: ["WrongPort", "GpuShape", "MemoryFit"],
  judge: (subject) =>
    subject.engines.flatMap((engine) => {
      if (engine.isVllm || engine.isSglang || engine.pod !== "template") return [];
      const start = serverStart(engine.container);
      if (start === undefined) return [];
      const of = { engine, start, subject };
      return [...judgeAddress(of), ...judgeProbes(of), ...judgeRanks(of), ...judgeWeights(of)];
    }),
};

interface Of {
  engine: Engine;
  start: ServerStart;
  subject: CheckSubject;
}

/** Where a flag of the server is written, and the layer that wrote the command line. */
function at({ engine, subject: { provenance } }: Of, flag: string): Pick<CheckFinding, "path" | "layer"> {
  const path = goFlagPath(engine.path, engine.container, flag.replace(/^--/, ""));
  const field = path.slice(engine.path.length + 1).replace(/\[\d+\]$/, "");
  return { path, layer: provenance.get(`${engine.traced}.${field}`)?.layer ?? "merged" };
}

function judgeAddress(of: Of): CheckFinding[] {
  const { flag, value = "", isWritten } = of.start.host;
  if (!LOOPBACK.test(value)) return [];
  const every = value.includes(":") ? "::" : "0.0.0.0";
  const shown = isWritten ? value : `${value}, its default`;
  return [
    {
      code: "WrongPort",
      ...at(of, flag),
      message: `${of.start.title} listens only on ${shown}, an address inside the pod: neither the Service nor the probes of the kubelet reach it`,
      fix: `set ${flag} to ${every}`,
      // A release may have another default.
      ...((!isWritten || mayBeForwarded(of.engine)) && { severity: "warning" }),
    },
  ];
}

function judgeProbes(of: Of): CheckFinding[] {
  const { engine, start } = of;
  const { container, path } = engine;
  const served = start.port.value;
  if (served === undefined || sidecarIn(engine) !== undefined) return [];
  return PROBES.flatMap((probe): CheckFinding[] => {
    const { httpGet, tcpSocket } = container[probe] ?? {};
    const port = (httpGet ?? tcpSocket)?.port;
    const asked = portOf(container, port);
    const other = mayListen(engine, asked);
    if (port === undefined || asked === undefined || asked === served || other === "yes") return [];
    return [
      {
        code: "WrongPort",
        path: `${path}.${probe}`,
        layer: "merged",
        message: `the ${probe} uses port ${asked}, but ${start.title} listens on ${served}`,
        fix: `set its port, and containerPort, to ${served}; or ${start.port.flag} to ${asked}`,
        ...((other === "maybe" || !start.port.isWritten) && { severity: "warning" }),
      },
    ];
  });
}

const WHOLE_GPU = "nvidia.com/gpu";

function judgeRanks(of: Of): CheckFinding[] {
  const { engine, start, subject } = of;
  const devices = devicesOf(engine, subject);
  const { flag, count } = start.ranks;
  if (count === undefined || devices?.resource !== WHOLE_GPU || engine.workload.worker !== undefined) return [];
  if (count <= devices.count) return [];
  const gpus = `${devices.count} ${devices.count === 1 ? "GPU" : "GPUs"}`;
  return [
    {
      code: "GpuShape",
      ...at(of, flag),
      message: `${start.title} starts ${count} ranks, and each needs a GPU, but the pod has ${gpus}`,
      fix: `set ${WHOLE_GPU} to ${count}, or lower ${flag} so that the ranks are not more than the GPUs`,
      ...(!start.refusesMore && { severity: "warning" }),
    },
  ];
}

/** Weights alone that are larger than the memory of their GPUs. */
function judgeWeights({ engine, start, subject }: Of): CheckFinding[] {
  const model = servedModel(subject);
  const devices = devicesOf(engine, subject);
  const device = devices?.accelerator && rankOf(devices.accelerator, devices.model);
  if (model === undefined || devices === undefined || device === undefined) return [];
  const ranks = start.ranks.isAll ? devices.count : start.ranks.count;
  if (start.model !== POD_PATH.models || ranks === undefined || ranks < 1 || ranks > devices.count) return [];
  const perRank = (count: number): number => {
    const args = [`--tensor-parallel-size=${count}`];
    const { rows } = estimate(fitRequestOf({ ...engine, args }, model, device));
    return rows.reduce((sum, { part, bytes }) => (WEIGHTS.includes(part) ? sum + bytes : sum), 0);
  };
  const memory = device.memoryGiB * GIB;
  const needed = perRank(ranks);
  if (needed < memory) return [];
  const { devicesPerNode = MOST_DEVICES } = device;
  const enough = tensorSizes(model).find((size) => size > ranks && size <= devicesPerNode && perRank(size) < memory);
  const name = devices.name ?? devices.resource;
  const spread = ranks === 1 ? "on one GPU" : `over ${ranks} ranks`;
  const finding: CheckFinding = {
    code: "MemoryFit",
    path: roleAt(engine.role),
    layer: "merged",
    message: `the weights are larger than the memory: ${gib(needed * ranks)} GiB ${spread}, but each ${name} has ${device.memoryGiB} GiB`,
    fix: `${moreRanks(start, devices.resource, enough)}use an accelerator with more memory, or a quantised model`,
  };
  return asCertain([finding], subject);
}

const WEIGHTS: readonly string[] = ["weights", "experts"];
const MOST_DEVICES = 8;

/** The smallest number of ranks that holds the weights, as the first of several ways. */
function moreRanks({ ranks: { flag, isAll } }: ServerStart, resource: string, enough: number | undefined): string {
  if (enough === undefined) return "";
  return isAll ? `set ${resource} to ${enough} or more, or ` : `set ${flag} and ${resource} to ${enough} or more, or `;
}
