import { type Cache, switchOf } from "../../../api/shorthands/operations.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import {
  containerNamed,
  editPods,
  MAIN,
  withContainer,
  withEnv,
  withMount,
  withVolume,
} from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext, OperatedContext } from "../context.ts";
import { refusal } from "../issues.ts";
import { type CacheClaim, claimOf, warnOfOneNode, withGroup } from "../storage/caches.ts";

import { editEngines } from "./workloads.ts";

const PATH = "spec.operations.compileCache";
const VOLUME = "compile-cache";
const MOUNT = "/mnt/compile-cache";
/** Where vLLM stores what it compiles, and its other caches. Source: vllm/envs.py. */
const CACHE_ROOT = "VLLM_CACHE_ROOT";
/** Some hundred megabytes for each model, release and form of parallelism. */
const SIZE = "20Gi";

function claimIn(chosen: Cache, context: MaterializeContext): CacheClaim {
  return claimOf("compileCache", { size: SIZE, ...chosen }, [], context);
}

/** The claim of the compile cache, unless `claimName` names an existing one. It stays while a service is stopped. */
export function buildCompileCache(context: MaterializeContext): KubernetesObject[] {
  const chosen = switchOf(context.operations?.compileCache);
  if (chosen === undefined) return [];
  warnOfOneNode("compileCache", chosen, context);
  const { made } = claimIn(chosen, context);
  return made === undefined ? [] : [made];
}

/** Mounts the shared folder as the cache of every engine. */
export function withCompileCache(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const chosen = switchOf(context.operations.compileCache);
  if (chosen === undefined) return objects;
  const { claimName } = claimIn(chosen, context);
  const edit = (pod: PodSpec, title: string): PodSpec => {
    const own = containerNamed(pod, MAIN)?.env?.find(({ name }) => name === CACHE_ROOT);
    if (own !== undefined) {
      const message = `the container of the engine in ${title} already sets ${CACHE_ROOT}`;
      context.report(refusal("Conflict", PATH, message, `unset ${CACHE_ROOT}, or disable the cache`));
      return pod;
    }
    const mounted = withContainer(pod, MAIN, (main) =>
      withMount(withEnv(main, [{ name: CACHE_ROOT, value: MOUNT }]), { name: VOLUME, mountPath: MOUNT }),
    );
    return withGroup(withVolume(mounted, { name: VOLUME, persistentVolumeClaim: { claimName } }), chosen);
  };
  return editEngines(objects, context, ({ object, title }) => editPods(object, (pod) => edit(pod, title)));
}
