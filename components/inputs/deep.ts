import type * as pulumi from "@pulumi/pulumi";

/** A value whose every part may be an Output or a promise. */
export type DeepInput<T> = pulumi.Input<Deep<T>>;

/** The same, for a value that itself exists already. */
export type Deep<T> = T extends readonly (infer Item)[]
  ? DeepInput<Item>[]
  : T extends object
    ? { [Key in keyof T]: DeepInput<T[Key]> }
    : T;
