/** A metric as a part of the stack exports it. */
interface Exported {
  kind: string;
  /** Labels of its series, sorted; of a histogram without that of its buckets. */
  labels: string[];
}

/** The metrics with a series in a text of Prometheus' format, by their names. */
export function exported(text: string): Map<string, Exported> {
  const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", kind = ""]) => [name, kind]));
  const found = new Map<string, Exported>();
  for (const [, series = "", , labels = ""] of text.matchAll(/^([a-zA-Z_:][\w:]*)(\{(.*)\})? \S+$/gm)) {
    const whole = series.replace(/_(bucket|sum|count)$/, "");
    const name = kinds.has(series) ? series : whole;
    const names = [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = ""]) => label);
    found.set(name, { kind: kinds.get(name) ?? "untyped", labels: names.filter((label) => label !== "le").sort() });
  }
  return found;
}
