import { acceleratorNamed, NODE_LABELS } from "../lower/accelerators.ts";
import type { LoweringContext } from "../lower/lower.ts";
import { type AcceleratorClass, acceleratorClass } from "../spec/accelerator.ts";
import type { PodSpec } from "../spec/kubernetes.ts";
import { devicesOf, type Workload } from "./workload.ts";

/** What devices cost an hour: classes that have a price, and what a resource costs where no class fits. */
export interface PriceList {
  classes: readonly AcceleratorClass[];
  byResource: Readonly<Record<string, number>>;
}

/**
 * Prices by the names of accelerators or of resources (`nvidia-h100-80gb: 4.1`, `nvidia.com/gpu: 3`), after those of a
 * platform's own classes and of classes that services write out.
 */
export function priceList(
  prices: Readonly<Record<string, number>> = {},
  lowering: LoweringContext = {},
  written: readonly unknown[] = [],
): PriceList {
  const named = Object.entries(prices).flatMap(([name, pricePerHour]) =>
    classesOf(name, lowering).map((one) => ({ ...one, pricePerHour })),
  );
  const inline = written.flatMap((value) => acceleratorClass.safeParse(value).data ?? []);
  const classes = [...inline, ...named, ...Object.values(lowering.accelerators ?? {})];
  return { classes: classes.filter(({ pricePerHour }) => pricePerHour !== undefined), byResource: prices };
}

/** An accelerator under each of the labels that nodes may carry for it. */
function classesOf(name: string, { accelerators }: LoweringContext): AcceleratorClass[] {
  const own = accelerators?.[name];
  if (own !== undefined) return [own];
  return NODE_LABELS.flatMap((labels) => acceleratorNamed(name, labels) ?? []);
}

/** Cost of a unit for an hour. Resources without a price are named, and count nothing. */
export function costPerUnit({ pods }: Workload, prices: PriceList): { cost: number; unpriced: string[] } {
  const unpriced = new Set<string>();
  let cost = 0;
  for (const { perUnit, spec } of pods) {
    for (const [resource, count] of Object.entries(devicesOf(spec))) {
      const price = priceOf(resource, spec, prices);
      if (price === undefined) unpriced.add(resource);
      else cost += perUnit * count * price;
    }
  }
  return { cost, unpriced: [...unpriced] };
}

function priceOf(resource: string, { nodeSelector = {} }: PodSpec, { classes, byResource }: PriceList) {
  const found = classes.find((one) => {
    const labels = Object.entries(one.nodeSelector ?? {});
    const isChosen = labels.length > 0 && labels.every(([name, value]) => nodeSelector[name] === value);
    return one.resource === resource && isChosen;
  });
  return found?.pricePerHour ?? byResource[resource];
}
