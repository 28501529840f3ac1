import type { IssueCode } from "../../../../core/contract/issues/issue.ts";

/** A kind of check that neither a CRD nor a policy can make, so that only the plan makes it. */
export interface Unenforced {
  check: string;
  /** Why the API server cannot make it. */
  reason: string;
  /** The rule of the rule table, if it is one. */
  rule?: string;
  /** The code of such a refusal. */
  codes: readonly IssueCode[];
  /** Only for documents that are written in this version. */
  version?: "v1alpha1";
}

export const UNENFORCED: readonly Unenforced[] = [
  {
    check: "templates of a config: their syntax, and whether what they read is there",
    reason: "the Common Expression Language has no engine for Go's templates",
    rule: "the templates of a config can be expanded",
    codes: ["TemplateSyntax", "TemplateValue"],
  },
  {
    check: "URIs that the storage initializer cannot read",
    reason:
      "whether anything is downloaded is decided by the merged spec, and a stored service may get that from a config",
    rule: "the storage initializer can read a URI",
    codes: [],
  },
  {
    check: "parentRefs beside gateway refs that say the same, which KServe refuses in v1alpha1 and accepts in v1alpha2",
    reason: "our CRDs serve v1alpha2 alone: which version a document was written in is not known any more",
    rule: "parentRefs agree with the gateway's refs",
    codes: ["Conflict"],
    version: "v1alpha1",
  },
];
