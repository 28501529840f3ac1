import { isObject, type Json, type JsonObject, objectsOf } from "../../core/kubernetes/json.ts";
import { UnreadableInput } from "../input/input.ts";
import type { ModelName } from "./cache.ts";
import { CONFIG, INDEX, type ModelFiles, QUANTIZATION } from "./document.ts";
import { parsed } from "./folder.ts";

export interface Hub {
  /** The hub's URL. */
  endpoint: string;
  /** Only sent to the hub: `fetch` drops it if a redirect leads to another origin. */
  token?: string | undefined;
  /** Maximum time for one answer. */
  seconds: number;
}

/** Maximum number of bytes of one answer; the largest published index has a tenth of it. */
const MOST = 64 * 2 ** 20;
/** Maximum number of pages of a list of files; a page has a thousand. */
const PAGES = 100;

/**
 * Reads a model's description from a hub: its config, and the sizes of its files from the list of the repository's
 * root.
 */
export async function modelOnHub({ id, revision }: ModelName, hub: Hub): Promise<ModelFiles> {
  const base = endpointOf(hub.endpoint);
  const at = encodeURIComponent(revision);
  const file = async (name: string): Promise<JsonObject | undefined> => {
    const content = await jsonAt(`${base}/${id}/resolve/${at}/${name}`, id, hub);
    if (content === undefined || isObject(content)) return content;
    throw new UnreadableInput(`${base}: ${name} of ${id} is not a JSON object`);
  };
  const config = await file(CONFIG);
  if (config === undefined) {
    throw new UnreadableInput(
      `${base} does not have ${id}, its revision ${revision}, or its ${CONFIG} (404): check the name`,
    );
  }
  const sizes = await sizesAt(`${base}/api/models/${id}/tree/${at}`, id, hub);
  const wanted = (name: string): boolean => sizes === undefined || sizes.has(name);
  return {
    config,
    sizes,
    index: wanted(INDEX) ? await file(INDEX) : undefined,
    quantization: wanted(QUANTIZATION) ? await file(QUANTIZATION) : undefined,
  };
}

/** The endpoint without a slash at its end. One with a password is refused, because messages name it. */
function endpointOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "") {
    throw new UnreadableInput("the endpoint of the hub must be an http or https URL without a user or password");
  }
  return `${url.origin}${url.pathname.replace(/\/$/, "")}`;
}

/** The sizes of the files, from all pages of their list; undefined if the hub does not list all of them. */
async function sizesAt(url: string, id: string, hub: Hub): Promise<Map<string, number> | undefined> {
  const sizes = new Map<string, number>();
  let next: string | undefined = url;
  for (let page = 0; next !== undefined; page++) {
    if (page === PAGES) throw new UnreadableInput(`${url}: the list of files has more than ${PAGES} pages`);
    const answer: Answer | undefined = await answerAt(next, id, hub);
    if (!Array.isArray(answer?.content)) return undefined;
    for (const { path, size } of objectsOf(answer.content as Json))
      if (typeof path === "string" && typeof size === "number") sizes.set(path, size);
    next = nextPage(answer.link, next);
  }
  return sizes;
}

/**
 * The next page, from the `Link` header of the answer. Each request carries the token, so only a page of the same
 * origin is read.
 */
function nextPage(link: string, url: string): string | undefined {
  const target = link.split(",").find((one) => one.includes('rel="next"'));
  const written = target?.slice(target.indexOf("<") + 1, target.indexOf(">")) ?? "";
  if (written === "" || !URL.canParse(written, url)) return undefined;
  const next = new URL(written, url);
  return next.origin === new URL(url).origin ? next.href : undefined;
}

interface Answer {
  content: unknown;
  /** Its header `Link`, "" if there is none. */
  link: string;
}

/** The JSON at a URL; undefined if the hub has none. */
async function jsonAt(url: string, id: string, hub: Hub): Promise<unknown> {
  return (await answerAt(url, id, hub))?.content;
}

async function answerAt(url: string, id: string, hub: Hub): Promise<Answer | undefined> {
  try {
    const headers: Record<string, string> = hub.token ? { authorization: `Bearer ${hub.token}` } : {};
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(hub.seconds * 1000) });
    if (answer.status === 404) return void (await answer.body?.cancel());
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new UnreadableInput(refusal(answer, url, id, hub));
    }
    const content = parsed(await textOf(answer, url));
    if (content === undefined) throw new UnreadableInput(`${url}: the answer is not JSON`);
    return { content, link: answer.headers.get("link") ?? "" };
  } catch (error) {
    if (error instanceof UnreadableInput) throw error;
    throw new UnreadableInput(`${url}: ${failure(error, hub)}`);
  }
}

async function textOf(answer: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  for await (const chunk of answer.body ?? []) {
    count += chunk.length;
    if (count > MOST) throw new UnreadableInput(`${url}: the answer is too large, more than ${MOST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refusal({ status, headers }: Response, url: string, id: string, { token }: Hub): string {
  const isGated = headers.get("x-error-code") === "GatedRepo";
  if (isGated)
    return `${url}: access to ${id} is restricted (${status}): accept its terms on the hub, and set HF_TOKEN to a token of that account`;
  if (status === 401 || status === 403) {
    const fix = token
      ? "check the name, and that the token of HF_TOKEN may read it"
      : "check the name, or set HF_TOKEN";
    return `${url}: the hub does not show ${id} (${status}), because it does not exist or is private: ${fix}`;
  }
  return `${url}: the hub answered ${status}`;
}

/** Why a request failed; the error's own text may quote headers, so only known parts of it are shown. */
function failure(error: unknown, { seconds }: Hub): string {
  if (!(error instanceof Error)) return "the request failed";
  if (error.name === "TimeoutError") return `the hub did not answer within ${seconds} seconds`;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return `the hub cannot be reached${code === undefined ? "" : ` (${code})`}`;
}
