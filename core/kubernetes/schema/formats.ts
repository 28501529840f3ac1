import { tableOf } from "../table.ts";

/**
 * Descriptions of the schemas' patterns: a regular expression does not help a user whose text it refuses. The patterns
 * are those of KServe's CRDs and of the Gateway API and the inference extension in them; a test compares the table with
 * the schemas.
 */
const FORMATS = tableOf<string>({
  "^\\d+(\\.\\d+)?$": 'write a number of 0 or more in quotes, such as "10.5"',
  "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$":
    "write a host name such as chat.example.com or *.example.com",
  "^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$":
    'write the name of an API group, or "" for that of Services',
  "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$": "write the name of a kind, such as Service",
  "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$": "write lower-case letters, digits and -, with a letter or digit at both ends",
  "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$": "write lower-case letters, digits and -, with a letter or digit at both ends",
  "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$":
    "write lower-case letters, digits, - and ., with a letter or digit at both ends of each part",
  "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$": "write the name of an HTTP header, such as x-session",
  "(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)":
    "write * or an origin such as https://chat.example.com",
  "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$":
    "write a path such as /check, with %XX for characters that a URL cannot hold",
  "^[!-~]+([\\t ]?[!-~]+)*$": "write visible ASCII characters, with single spaces between words",
  "^([0-9]{1,5}(h|m|s|ms)){1,4}$": "write a duration such as 10s or 1m30s",
  "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$":
    "write letters, digits, -, _ and ., with a letter or digit at both ends",
});

/** How to write a text that a pattern refuses. */
export function formatFix(pattern: string): string {
  return FORMATS.get(pattern) ?? `write a text that matches ${pattern}`;
}
