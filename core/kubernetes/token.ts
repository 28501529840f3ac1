/** The type token of the kubernetes package: `apps/v1` and `Deployment` → `kubernetes:apps/v1:Deployment`; the group without a name is `core`. */
export function typeToken(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}
