import { remembering } from "../remember.ts";
import { unquoted } from "../text.ts";

/**
 * A model URI as Go's net/url writes it back: the scheme in lower case, a path with odd characters percent-encoded.
 * Source: net/url URL.String and EscapedPath, Go 1.25; KServe stores `model.uri` as knative's apis.URL.
 */
const URI = /^(?:([A-Za-z][A-Za-z0-9+.-]*):(\/\/[^/?#]*)?)?([^?#]*)(.*)$/s;
const VALID_PATH = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/]|%[0-9A-Fa-f]{2})*$/;

export function canonicalUri(uri: string): string {
  const [, scheme, authority = "", path = "", rest = ""] = URI.exec(uri) ?? [];
  const head = scheme === undefined ? "" : `${scheme.toLowerCase()}:${authority}`;
  return head + (VALID_PATH.test(path) ? path : escapePath(path)) + rest;
}

function escapePath(path: string): string {
  return encodeURIComponent(decodePath(path))
    .replace(/[!'()*]/g, (odd) => `%${odd.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g, (kept) => decodeURIComponent(kept));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export interface TypeProblem {
  message: string;
  fix: string;
}

const FIX = "write a URI such as hf://ORG/MODEL, s3://BUCKET/PATH or pvc://CLAIM/PATH";

/**
 * Why Go's net/url does not accept a text as a URL; undefined if it does. KServe stores `model.uri` as a URL. Source:
 * net/url Parse, Go 1.25 (getScheme, parseAuthority, validOptionalPort, unescape).
 */
export const uriProblem = remembering((uri): TypeProblem | undefined => {
  const why = parseFailure(uri);
  if (why === undefined) return undefined;
  const bare = unquoted(uri);
  const isQuoted = bare !== uri && parseFailure(bare) === undefined;
  const message = `${JSON.stringify(uri)} is not a URI: ${isQuoted ? "it has quotes or white space around it" : why}`;
  return { message, fix: isQuoted ? `write ${bare}` : FIX };
});

function parseFailure(uri: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
  if (/[\u0000-\u001f\u007f]/.test(uri)) return "it contains a control character";
  const withoutFragment = uri.split("#")[0] ?? "";
  const fragment = uri.slice(withoutFragment.length + 1);
  if (withoutFragment.startsWith(":")) return "the scheme before the colon is missing";
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(withoutFragment)?.[1];
  const rest = (scheme === undefined ? withoutFragment : withoutFragment.slice(scheme.length + 1)).split("?")[0] ?? "";
  if (scheme !== undefined && !rest.startsWith("/")) return undefined;
  if (scheme === undefined && !rest.startsWith("/") && /^[^/]*:/.test(rest))
    return "its first path segment contains a colon";
  const authority = rest.startsWith("//") && !rest.startsWith("///") ? rest.slice(2).split("/", 1)[0] : undefined;
  const path = authority === undefined ? rest : rest.slice(authority.length + 2);
  return authorityFailure(authority ?? "") ?? escapeFailure(path) ?? escapeFailure(fragment);
}

function authorityFailure(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? "" : authority.slice(0, at);
  const host = authority.slice(at + 1);
  if (!/^(?:[A-Za-z0-9\-._:~!$&'()*+,;=%@])*$/.test(user))
    return "the user name before the @ contains characters that are not allowed";
  return portFailure(host) ?? hostFailure(host) ?? escapeFailure(user);
}

function portFailure(host: string): string | undefined {
  if (host.startsWith("[")) {
    const end = host.lastIndexOf("]");
    if (end < 0) return "the bracket of the host is not closed";
    return /^(:\d*)?$/.test(host.slice(end + 1)) ? undefined : "the port is not a number";
  }
  const colon = host.lastIndexOf(":");
  return colon < 0 || /^:\d*$/.test(host.slice(colon)) ? undefined : "the port is not a number";
}

function hostFailure(host: string): string | undefined {
  if (/[ \\^`{|}]/.test(host) && !host.startsWith("[")) return "the host contains a character that is not allowed";
  const odd = /%(?!25|[89A-Fa-f][0-9A-Fa-f])/.test(host.replace(/^\[.*\]/, ""));
  return odd ? "the host contains a % that is not allowed" : undefined;
}

function escapeFailure(text: string): string | undefined {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(text)?.[0];
  return bad === undefined ? undefined : `${JSON.stringify(bad)} is not a percent-encoded character`;
}
