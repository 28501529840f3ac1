/**
 * A model URI as Go's net/url writes it back: the scheme in lower case, a path with odd characters percent-encoded.
 * Source: net/url URL.String and EscapedPath, Go 1.25; KServe keeps `model.uri` as knative's apis.URL.
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
