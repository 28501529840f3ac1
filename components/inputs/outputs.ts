import * as pulumi from "@pulumi/pulumi";

/** What an Output reveals beyond its public type; stable since @pulumi/pulumi 2. */
export interface OutputInside {
  promise(withUnknowns?: boolean): Promise<unknown>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  apply(run: (value: unknown) => unknown, withUnknowns?: boolean): pulumi.Output<unknown>;
}

/** The only place that looks inside an Output. */
export function insideOf(output: pulumi.Output<unknown>): OutputInside {
  return output as unknown as OutputInside;
}

/**
 * The Output, whose rejection counts as handled from the start: a program may use it only after it was rejected, and
 * Node warns of that. Whatever is made of the Output is rejected all the same.
 */
export function withHandler<T>(output: pulumi.Output<T>): pulumi.Output<T> {
  const { isKnown, isSecret } = insideOf(output);
  for (const promise of [isKnown, isSecret]) promise.catch(() => undefined);
  return output;
}

/**
 * A value that must not be lost silently, such as a pin. An Output or a promise of `undefined` becomes one of `null`,
 * as on the wire, and is then judged. An argument that is plainly `undefined` counts as not given.
 */
export function orNull(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return insideOf(value as pulumi.Output<unknown>).apply(nullFor, true);
  return value instanceof Promise ? value.then(nullFor) : value;
}

function nullFor(value: unknown): unknown {
  return value === undefined ? null : value;
}
