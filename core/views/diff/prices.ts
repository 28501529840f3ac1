import { type AcceleratorClass, acceleratorClass } from "../../api/shorthands/accelerator.ts";
import type { LoweringContext } from "../../contract/lowering.ts";
import { acceleratorNamed } from "../../knowledge/accelerators/accelerators.ts";
import { NODE_LABELS } from "../../knowledge/accelerators/catalogue.ts";
import { devicesOf } from "../../knowledge/accelerators/devices.ts";
import { recognise } from "../../knowledge/accelerators/recognise.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Workload } from "../../kubernetes/workloads/workloads.ts";

/** The hourly prices of devices: by class, and by resource if no class matches. */
export interface PriceList {
  classes: readonly AcceleratorClass[];
  byResource: Readonly<Record<string, number>>;
}

/**
 * Prices by the names of accelerators or of resources (`nvidia-h100-80gb: 4.1`, `nvidia.com/gpu: 3`), after those of a
 * platform's own classes and of classes that services and configs write out.
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
  const own = entryOf(accelerators, name);
  if (own !== undefined) return [own];
  return NODE_LABELS.flatMap((labels) => acceleratorNamed(name, labels) ?? []);
}

/** Hourly cost of a unit. Resources without a price are listed, and add nothing. */
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

function priceOf(resource: string, pod: PodSpec, { classes, byResource }: PriceList): number | undefined {
  const counted = classes.filter((one) => one.resource === resource);
  const found = counted.find(({ nodeSelector = {} }) => {
    const labels = Object.entries(nodeSelector);
    return labels.length > 0 && labels.every(([name, value]) => entryOf(pod.nodeSelector, name) === value);
  });
  return found?.pricePerHour ?? priceOfAny(resource, pod, counted) ?? entryOf(byResource, resource);
}

/**
 * The price of a class without labels, which covers any node with the resource: for pods that do not select a class, if
 * all such classes have one price.
 */
function priceOfAny(resource: string, pod: PodSpec, classes: readonly AcceleratorClass[]): number | undefined {
  const unlabelled = classes.filter(({ nodeSelector = {} }) => Object.keys(nodeSelector).length === 0);
  const prices = [...new Set(unlabelled.map(({ pricePerHour }) => pricePerHour))];
  return prices.length === 1 && recognise(pod, resource) === undefined ? prices[0] : undefined;
}
