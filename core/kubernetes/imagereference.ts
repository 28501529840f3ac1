import { remembering } from "./remember.ts";

/**
 * References of images as the kubelet reads them. Source: ParseNormalizedNamed, distribution/reference v0.6, by
 * ParseImageName, pkg/util/parsers, Kubernetes 1.36.
 */
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const DOMAIN =
  /^(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PART = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
/** The name of a digest's algorithm, and its value. */
const ALGORITHM = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*$/;
const HEX = /^[0-9a-fA-F]+$/;
const SHORTEST_DIGEST = 32;
/** Maximum length of a name, without tag and digest. */
const LONGEST = 255;

/** Why no image has this reference, and the reference that was meant, if only one is possible. */
export interface ReferenceProblem {
  why: string;
  fix: string;
  right?: string;
}

/** What is wrong with the reference of an image; undefined if the kubelet reads it. Most services have the same images. */
export const referenceProblem = remembering((image): ReferenceProblem | undefined => {
  const [scheme] = SCHEME.exec(image) ?? [];
  if (scheme !== undefined) {
    const rest = image.slice(scheme.length);
    const isRead = referenceProblem(rest) === undefined;
    return { why: `it begins with ${scheme}`, fix: `remove ${scheme}`, ...(isRead && { right: rest }) };
  }
  const { domain, name, tag, digest } = partsOf(image);
  if (domain !== undefined && !DOMAIN.test(domain))
    return { why: `${JSON.stringify(domain)} is not the address of a registry`, fix: "write REGISTRY/IMAGE:TAG" };
  if (name !== name.toLowerCase())
    return {
      why: "the name of the repository contains capital letters",
      fix: `write ${image.replace(name, () => name.toLowerCase())}`,
    };
  const wrong = name.split("/").find((part) => !PART.test(part));
  if (wrong !== undefined)
    return {
      why: `${JSON.stringify(wrong)} is not allowed in the name of a repository, whose parts consist of lower-case letters and digits, separated by a dot, one or two underscores, or dashes`,
      fix: "write REGISTRY/IMAGE:TAG",
    };
  if (name.length > LONGEST) return { why: `its name has more than ${LONGEST} characters`, fix: "shorten the name" };
  if (tag !== undefined && !TAG.test(tag))
    return {
      why: `${JSON.stringify(tag)} is not a valid tag: a tag consists of at most 128 letters, digits, underscores, dots and dashes, and does not start with a dot or dash`,
      fix: "write REGISTRY/IMAGE:TAG",
    };
  if (digest !== undefined && !isDigest(digest))
    return { why: `${JSON.stringify(digest)} is not a valid digest`, fix: "write REGISTRY/IMAGE@sha256:DIGEST" };
  return undefined;
});

interface Parts {
  domain?: string;
  name: string;
  tag?: string;
  digest?: string;
}

/** The first part is a registry if it has a dot, a colon or a capital, or is `localhost`. */
function partsOf(image: string): Parts {
  const [whole = "", ...digests] = image.split("@");
  const slash = whole.indexOf("/");
  const first = whole.slice(0, Math.max(0, slash));
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const rest = isDomain ? whole.slice(slash + 1) : whole;
  const colon = rest.lastIndexOf(":");
  return {
    ...(isDomain && { domain: first }),
    name: colon < 0 ? rest : rest.slice(0, colon),
    ...(colon >= 0 && { tag: rest.slice(colon + 1) }),
    ...(digests.length > 0 && { digest: digests.join("@") }),
  };
}

function isDigest(digest: string): boolean {
  const colon = digest.indexOf(":");
  const value = digest.slice(colon + 1);
  return ALGORITHM.test(digest.slice(0, Math.max(colon, 0))) && value.length >= SHORTEST_DIGEST && HEX.test(value);
}
