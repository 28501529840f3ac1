import * as pulumi from "@pulumi/pulumi";
import { withHandler } from "../inputs/outputs.ts";

/**
 * The plain results of components, before they became outputs. In them a secret is one leaf, while an Output that holds
 * a secret is secret as a whole. Components of another copy of this package are not included.
 */
export class Parts<Data extends object> {
  readonly #data = new WeakMap<pulumi.ComponentResource, Promise<Data>>();

  set(component: pulumi.ComponentResource, data: Promise<Data>): void {
    this.#data.set(component, data);
  }

  of<Key extends keyof Data>(component: pulumi.ComponentResource, key: Key): Promise<Data[Key]> | undefined {
    return this.#data.get(component)?.then((data) => data[key]);
  }
}

/**
 * Sets the properties of a component, each as a separate Output, so that a secret in one does not make the others
 * secret. A failure of the component is unhandled once, whether the program uses the properties or not: so Pulumi
 * reports it, and the properties themselves need no handler.
 */
export function setProperties<Data extends object>(
  component: pulumi.Resource,
  data: Promise<Data>,
  keys: readonly (keyof Data & string)[],
): void {
  void data.then(() => undefined);
  for (const key of keys) {
    const value = pulumi.output(data.then((made) => made[key]));
    Object.assign(component, { [key]: withHandler(pulumi.all([value, component.urn]).apply(([one]) => one)) });
  }
}
