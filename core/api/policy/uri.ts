import { matches, ofSpec, type PolicyCheck } from "./checks.ts";

/**
 * URIs as Go's net/url takes them (core/kubernetes/go/gourl.ts has the same rule with its reasons), in the regular
 * expressions of CEL, which have neither lookahead nor lookbehind.
 */
const SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:";
const ESCAPE = "%[0-9A-Fa-f]{2}";
const USER = `([A-Za-z0-9._:~!$&'()*+,;=@-]|${ESCAPE})*@`;
const HOST = "([^\\]/?#%@ \\\\^`{|}[:]|%25|%[89A-Fa-f][0-9A-Fa-f])*";
const PORT = "(:[0-9]*)?";
const AUTHORITY = `(${USER})?(${HOST}|\\[[^/?#]*\\])${PORT}`;
const PATH = `([^%?#]|${ESCAPE})*`;
const TAIL = `([?][^#]*)?(#([^%]|${ESCAPE})*)?`;

const URI_PATTERN = [
  `^${SCHEME}([^/].*)?$`,
  `^(${SCHEME})?//${AUTHORITY}(/${PATH})?${TAIL}$`,
  `^(${SCHEME})?/([^/%?#]${PATH}|${ESCAPE}${PATH})?${TAIL}$`,
  `^(${SCHEME})?///${PATH}${TAIL}$`,
  `^([^:/%?#]|${ESCAPE})*(/${PATH})?${TAIL}$`,
].join("|");

/** The result of a template is judged after it is expanded. */
function parsed(value: string): string {
  return `${value}.contains('{{') || (!${matches(value, "[[:cntrl:]]")} && ${matches(value, URI_PATTERN)})`;
}

export const URI_CHECKS: readonly PolicyCheck[] = [
  {
    rule: "a URI can be parsed",
    path: "spec.model.uri",
    expression: parsed("object.spec.?model.?uri.orValue('')"),
    message: "the URI cannot be parsed",
  },
  {
    rule: "a URI can be parsed",
    path: "spec.model.lora.adapters",
    expression: `object.spec.?model.?lora.?adapters.orValue([]).all(adapter, ${parsed("adapter.?uri.orValue('')")})`,
    message: "the URI of an adapter cannot be parsed",
  },
].map(ofSpec);
