import { remembering } from "../../kubernetes/remember.ts";
import { releaseOfImage } from "./images.ts";
import { positionIn, releaseNumber, type Span } from "./release.ts";

/**
 * Images that set no user, so they run as root. Source: vllm-project/vllm#31959 and #40275, kserve/kserve#5666;
 * docker/Dockerfile of SGLang.
 */
const ROOT_IMAGES: readonly string[] = ["vllm/vllm-openai", "lmsysorg/sglang"];

/** Whether an image is known to run as root; a mirror may have changed it. */
export const isRootImage = remembering((image): boolean => {
  const [name = ""] = image.replace(/^(?:index\.)?docker\.io\//, "").split("@");
  const colon = name.indexOf(":", name.lastIndexOf("/"));
  const [repository, tag] = colon < 0 ? [name, ""] : [name.slice(0, colon), name.slice(colon + 1)];
  return ROOT_IMAGES.includes(repository) && !tag.includes("nonroot");
});

/**
 * Users with a name in vLLM's image: those of the distribution below 1000, its `nobody`, and the image's own. Releases
 * that ask for the name as soon as they are imported, by the release of PyTorch in them. Source: ai-dynamo/dynamo#12457,
 * vllm-project/vllm#44548 and #46734; `default_cache_dir` of torch/_inductor/runtime/cache_dir_utils.py.
 */
const NAMED = { below: 1000, others: [2000, 65534] } as const;
const ASKS: Span = { from: "0.20.0", until: "0.27.0" };

/** Variables that replace the name. Source: getpass.getuser of Python, and `cache_dir` of the same file of PyTorch. */
export const USER_VARIABLES: readonly string[] = ["LOGNAME", "USER", "LNAME", "USERNAME", "TORCHINDUCTOR_CACHE_DIR"];

/** Whether the engine in an image ends because the user that runs it has no name there. */
export function needsUserName(image: string, user: number): boolean {
  const release = releaseNumber(releaseOfImage(image) ?? "");
  const hasName = user < NAMED.below || NAMED.others.some((one) => one === user);
  return !hasName && isRootImage(image) && release !== undefined && positionIn(ASKS, release) === "inside";
}
