import type * as pulumi from "@pulumi/pulumi";

/** A value whose every part may be an Output or a promise. */
export type DeepInput<T> = pulumi.Input<
  T extends readonly (infer Item)[] ? DeepInput<Item>[] : T extends object ? { [Key in keyof T]: DeepInput<T[Key]> } : T
>;

/** The same with every part optional: what is set is laid over a default. */
export type DeepPartialInput<T> = pulumi.Input<
  T extends readonly (infer Item)[]
    ? DeepInput<Item>[]
    : T extends object
      ? { [Key in keyof T]?: DeepPartialInput<T[Key]> }
      : T
>;

/** `metadata` of what a component makes; the name is the component's own unless set. */
export interface MetadataArgs {
  /** Kubernetes name. Default: the component's name. Must be known at preview. */
  name?: pulumi.Input<string>;
  /** Kubernetes namespace. Default: `default`. Must be known at preview. */
  namespace?: pulumi.Input<string>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
