import { tokenizerContainer, tokenizerVolumes } from "../../../../knowledge/presets/tokenizer.ts";
import type { Stack } from "../../../../knowledge/stacks/stack.ts";
import type { PodSpec } from "../../../../kubernetes/objects.ts";
import { MAIN, withContainer, withMount, withVolume } from "../../../../kubernetes/workloads/pods.ts";

/** The container that tokenizes prompts for the scheduler, over a socket that both mount. */
export const TOKENIZER = "tokenizer";
/** The name by which the scheduler requests the model's tokenizer: the folder of the model. */
export const TOKENIZER_MODEL = "base";
const SOCKETS = { name: "tokenizer-uds", mountPath: "/tmp/tokenizer" };
export const TOKENIZER_SOCKET = `${SOCKETS.mountPath}/tokenizer-uds.socket`;

/**
 * The pod with a tokenizer sidecar; unchanged if the template has one, or if the stack runs it as a separate server.
 */
export function withTokenizer(pod: PodSpec, { tokenizer }: Pick<Stack, "tokenizer">): PodSpec {
  if (tokenizer.kind !== "socket" || pod.containers?.some(({ name }) => name === TOKENIZER)) return pod;
  const listening = withContainer(pod, MAIN, (main) => withMount(main, SOCKETS));
  const joined = {
    ...listening,
    containers: [...(listening.containers ?? []), tokenizerContainer(TOKENIZER, tokenizer.image, SOCKETS)],
  };
  return tokenizerVolumes(SOCKETS).reduce(withVolume, joined);
}
