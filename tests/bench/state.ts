/** As much of an exported stack as is weighed. */
export interface Exported {
  deployment: { resources?: readonly Resource[] };
}
interface Resource {
  type: string;
  custom?: boolean;
  inputs?: object;
  outputs?: Readonly<Record<string, unknown>>;
  [field: string]: unknown;
}

/** Bytes of a stack's state, by what they are. */
export interface Weight {
  all: number;
  /** Whole resources of the components. */
  components: number;
  /** Of these, by output. */
  outputs: Readonly<Record<string, number>>;
  /** Inputs and outputs of Kubernetes' objects: the plugin keeps each twice, as it was sent and as it came back. */
  sent: number;
  answered: number;
  /** URNs, dependencies, time-outs: what the engine keeps of each. */
  engine: number;
}

const bytes = (value: unknown): number => (value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value)));

/** What a state holds. The engine writes it with line breaks; these are not counted. */
export function weigh({ deployment: { resources = [] } }: Exported): Weight {
  const outputs: Record<string, number> = {};
  const sum = { all: 0, components: 0, sent: 0, answered: 0, engine: 0 };
  for (const resource of resources) {
    const whole = bytes(resource);
    sum.all += whole;
    if (resource.type.startsWith("kserve-llm:")) {
      sum.components += whole;
      for (const [key, value] of Object.entries(resource.outputs ?? {}))
        outputs[key] = (outputs[key] ?? 0) + bytes(value);
    } else if (resource.type.startsWith("kubernetes:")) {
      const [sent, answered] = [bytes(resource.inputs), bytes(resource.outputs)];
      sum.sent += sent;
      sum.answered += answered;
      sum.engine += whole - sent - answered;
    }
  }
  return { ...sum, outputs };
}
