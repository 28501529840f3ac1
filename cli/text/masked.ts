import { HIDDEN, mayBeCredential, withoutTokens } from "../../core/knowledge/credentials.ts";
import { asText, isObject, type Json } from "../../core/kubernetes/json.ts";

/** A value without what looks like a credential, by the name of its field, flag or variable, or by its form. */
export function masked(value: Json, name = ""): Json {
  if (typeof value === "string") {
    const [, flag, equals, rest] = /^(--?[\w.-]+)(=)(.*)$/s.exec(value) ?? [];
    if (flag !== undefined) return `${flag}${equals}${asText(masked(rest ?? "", flag))}`;
    return mayBeCredential(name) ? HIDDEN : withoutTokens(value);
  }
  if (Array.isArray(value))
    return value.map((item, i) => {
      const before = value[i - 1];
      return masked(item, typeof before === "string" && before.startsWith("-") ? before : name);
    });
  if (!isObject(value)) return value;
  const variable = typeof value["name"] === "string" ? value["name"] : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      masked(item ?? null, key === "value" && variable !== undefined ? variable : key),
    ]),
  );
}
