import type { Fix } from "../../../contract/issues/issue.ts";
import { objectsOf, valueAt } from "../../../kubernetes/json.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";

/** Another number of accelerators, wherever the service sets the number for the engines of a role itself. */
export function countFixes(
  service: unknown,
  resource: string,
  count: number,
  role: "main" | "prefill" = "main",
): Fix[] {
  const at = role === "prefill" ? ["prefill"] : [];
  return ["template", "worker"].flatMap((pod) => {
    const main = objectsOf(valueAt(service, ["spec", ...at, pod, "containers"])).find(({ name }) => name === MAIN);
    return ["limits", "requests"].flatMap((kind): Fix[] => {
      if (valueAt(main, ["resources", kind, resource]) === undefined) return [];
      const path = ["spec", ...at, pod, `containers[name=${MAIN}]`, "resources", `${kind}[${resource}]`].join(".");
      return [{ path, value: String(count) }];
    });
  });
}
