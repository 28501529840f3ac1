import type * as pulumi from "@pulumi/pulumi";

/** What an Output tells about itself beyond its public type; stable since @pulumi/pulumi 2. */
export interface OutputInside {
  promise(withUnknowns?: boolean): Promise<unknown>;
  isKnown: Promise<boolean>;
  apply(run: (value: unknown) => unknown, withUnknowns?: boolean): pulumi.Output<unknown>;
}

/** The only place that looks inside an Output. */
export function insideOf(output: pulumi.Output<unknown>): OutputInside {
  return output as unknown as OutputInside;
}
