import { jsonOrText } from "../../../kubernetes/json.ts";

/** A successor that is a key of a flag's JSON document, as the tables of successors write it. */
const KEY = /^use --([a-z0-9-]+)=\{"([a-z0-9_]+)": …\}$/;

interface Moved {
  fix: string;
  change?: { to: "flags"; flags: { name: string; value: string }[] };
}

/** The fix of a flag whose value became a key of another flag's document, with its value; as it is for other fixes. */
export function intoDocument(fix: string, [value, ...others]: readonly string[]): Moved {
  const [, name = "", key = ""] = KEY.exec(fix) ?? [];
  if (name === "" || value === undefined || others.length > 0) return { fix };
  const document = JSON.stringify({ [key]: jsonOrText(value) });
  return { fix: `use --${name}=${document}`, change: { to: "flags", flags: [{ name, value: document }] } };
}
