import { setTimeout as pause } from "node:timers/promises";
import type { Container } from "../../core/kubernetes/objects.ts";
import { binary } from "../cluster/tools.ts";
import type { Child, Children } from "./children.ts";
import { environmentOf, expanded } from "./environment.ts";
import { type Program, programOf } from "./images.ts";
import type { Network, PodNetwork } from "./network.ts";
import { isReady } from "./probe.ts";
import type { Pod } from "./types.ts";

const GRACE_SECONDS = 30;
const MOST_RESTARTS = 5;

/** A container that runs as a process. */
interface Running {
  container: Container;
  program: Program;
  child: Child;
  restarts: number;
  /** Starts the container's process; its log goes on. */
  start(): Child;
}

/** What a pod's processes need from their surroundings. */
export interface Surroundings {
  children: Children;
  network: Network;
  /** A kubeconfig with a token of the pod's ServiceAccount. */
  credentialsOf(pod: Pod): Promise<string>;
}

/**
 * A running pod: a network namespace with the pod's address, and a process for each of its containers whose image has a
 * replacement.
 */
export class ServingPod {
  readonly pod: Pod;
  readonly address: string;
  readonly containers: readonly Running[];
  readonly #network: PodNetwork;
  readonly #around: Surroundings;
  #leaving: Promise<void> | undefined;

  private constructor(pod: Pod, network: PodNetwork, containers: readonly Running[], around: Surroundings) {
    this.pod = pod;
    this.address = network.address;
    this.containers = containers;
    this.#network = network;
    this.#around = around;
  }

  static async start(pod: Pod, around: Surroundings): Promise<ServingPod> {
    const { name } = pod.metadata;
    const network = await around.network.pod(name, pod.status?.podIP ?? "");
    const kubeconfig = await around.credentialsOf(pod);
    const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
    const containers = [...sidecars, ...(pod.spec.containers ?? [])].flatMap((container) => {
      const program = programOf(container);
      if (program === undefined) return [];
      const env = environmentOf(container, pod);
      // The engine's simulator puts POD_NAME into each answer; a client of the API server reads KUBECONFIG.
      const own = { PATH: process.env["PATH"], POD_NAME: name, POD_IP: network.address, KUBECONFIG: kubeconfig };
      const words = [...network.enter, binary(program.binary), ...program.args.map((arg) => expanded(arg, env))];
      const start = (): Child => around.children.start(`${name}.${container.name}`, words, { ...own, ...env });
      return [{ container, program, start, child: start(), restarts: 0 }];
    });
    return new ServingPod(pod, network, containers, around);
  }

  get name(): string {
    return this.pod.metadata.name;
  }

  /** The log of one container so far. */
  log(container: string): string {
    return this.containers.find((one) => one.container.name === container)?.child.log() ?? "";
  }

  /** Whether all its readiness probes pass now; throws if a process has ended. */
  async isReady(): Promise<boolean> {
    for (const { container, child } of this.containers) {
      const ending = child.ending();
      if (ending !== undefined) throw new Error(`${child.name} ended (${ending}):\n${child.log().slice(-2_000)}`);
      if (!(await isReady(container, this.address, this.#around.network))) return false;
    }
    return true;
  }

  /**
   * Restarts containers that ended, as the kubelet does: a picker ends if a busy API server lets its lease expire. One
   * that ends again and again has a fault, which `isReady` reports. Returns how many were started again.
   */
  restartEnded(): number {
    let restarts = 0;
    if (this.#leaving !== undefined) return restarts;
    for (const one of this.containers) {
      if (one.child.ending() === undefined || one.restarts === MOST_RESTARTS) continue;
      one.child = one.start();
      one.restarts++;
      restarts++;
    }
    return restarts;
  }

  /**
   * Ends it as the kubelet ends a deleted pod: the preStop hooks, then the signal, then, after the grace period, the
   * kill. Sidecars end last.
   */
  leave(): Promise<void> {
    this.#leaving ??= this.#end();
    return this.#leaving;
  }

  async #end(): Promise<void> {
    const deadline = Date.now() + (this.pod.spec.terminationGracePeriodSeconds ?? GRACE_SECONDS) * 1000;
    const sidecars = this.containers.filter(({ container }) => container.restartPolicy === "Always");
    const mains = this.containers.filter((one) => !sidecars.includes(one));
    for (const layer of [mains, sidecars]) {
      await Promise.all(layer.map((one) => this.#stop(one, deadline)));
    }
  }

  async #stop({ container, child }: Running, deadline: number): Promise<void> {
    const [command = "", ...args] = container.lifecycle?.preStop?.exec?.command ?? [];
    if (command !== "" && child.isRunning()) {
      const hook = this.#around.children.start(`${child.name}.prestop`, [...this.#network.enter, command, ...args]);
      while (hook.isRunning() && Date.now() < deadline) await pause(50);
      await hook.end(0);
    }
    await child.end(Math.max(deadline - Date.now(), 0));
  }
}
