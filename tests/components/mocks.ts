import { createRequire } from "node:module";
import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** One registration as the engine would see it. */
export interface Registered {
  type: string;
  name: string;
  parent: string;
  custom: boolean;
  /** Inputs on the wire: secrets are wrapped, unknown values are {@link UNKNOWN}. */
  inputs: Record<string, unknown>;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  provider: string;
  protect: boolean;
  /** Former names or URNs. */
  aliases: string[];
  retainOnDelete: boolean;
  /** Whether the registration sets at all whether it is retained. */
  saysRetain: boolean;
  createTimeout: string;
}

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** What a secret looks like on the wire. */
export function secretOf(value: unknown): Record<string, unknown> {
  return { [SIGNATURE]: SECRET, value };
}

/** The parts of the runtime that isolate one program from another; internal, and the only way that tests can run so. */
interface RuntimeState {
  withLocalStorage<T>(run: () => Promise<T>): Promise<T>;
  getStore(): {
    settings: {
      monitor: {
        registerResource(request: Request, done: (...answer: unknown[]) => void): unknown;
        registerResourceOutputs(request: OutputsRequest, done: unknown): unknown;
      };
    };
  };
}
interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  toObject(): Record<string, unknown>;
  getObject(): { toJavaScript(): Record<string, unknown> };
  setObject(object: ReturnType<Request["getObject"]> | undefined): void;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getProvider(): string;
  getProtect(): boolean;
  getAliasesList(): { getUrn(): string; getSpec(): { getName(): string } | undefined }[];
  getRetainondelete(): boolean;
  hasRetainondelete(): boolean;
  getCustomtimeouts(): { getCreate(): string } | undefined;
}
const state = createRequire(import.meta.url)("@pulumi/pulumi/runtime/state.js") as RuntimeState;

/**
 * Runs a program against mocks, apart from any other, and returns what it registered, sorted by type and name, the
 * outputs of its components by URN, the rest of its registrations as JSON (names, aliases and options), and the order
 * in which registrations ended and outputs came. Each registration takes the given milliseconds.
 */
export async function runMocked<T>(
  program: () => T | Promise<T>,
  { preview = false, milliseconds = 0 }: { preview?: boolean; milliseconds?: number } = {},
): Promise<{
  result: T;
  registered: Registered[];
  outputs: Record<string, unknown>;
  requests: string[];
  events: string[];
}> {
  return state.withLocalStorage(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: async ({ name, inputs }) => {
          if (milliseconds > 0) await setTimeout(milliseconds);
          return { id: `${name}-id`, state: answerFor(inputs) };
        },
        call: ({ inputs }) => inputs,
      },
      "project",
      "stack",
      preview,
      "organization",
    );
    const registered: Registered[] = [];
    const requests: string[] = [];
    const events: string[] = [];
    const outputs: Record<string, unknown> = {};
    const { monitor } = state.getStore().settings;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, done) => {
      registered.push(read(request));
      requests.push(optionsOf(request));
      return register(request, (...answer) => {
        events.push(`resource ${request.getType()}::${request.getName()}`);
        done(...answer);
      });
    };
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, done) => {
      events.push(`outputs ${request.getUrn().split("::").slice(2).join("::")}`);
      outputs[request.getUrn()] = request.getOutputs()?.toJavaScript();
      return registerOutputs(request, done);
    };
    const result = await program();
    await pulumi.runtime.disconnect();
    const key = ({ type, name }: Registered): string => `${type} ${name}`;
    registered.sort((one, other) => (key(one) < key(other) ? -1 : 1));
    return { result, registered, outputs, requests, events };
  });
}

/**
 * What the engine answers: the whole object. Of a CRD, which is large, it is only what identifies it: nothing reads the
 * rest of an answer, and to convert it costs more than the program.
 */
function answerFor(inputs: Record<string, unknown>): Record<string, unknown> {
  if (inputs["kind"] !== "CustomResourceDefinition") return inputs;
  const { spec: _spec, ...identity } = inputs;
  return identity;
}

function read(request: Request): Registered {
  const dependencies = [...request.getPropertydependenciesMap().entries()];
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: request.getObject().toJavaScript(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(dependencies.map(([key, urns]) => [key, urns.getUrnsList()])),
    provider: request.getProvider(),
    protect: request.getProtect(),
    aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getName() || alias.getUrn()),
    retainOnDelete: request.getRetainondelete(),
    saysRetain: request.hasRetainondelete(),
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
  };
}

function optionsOf(request: Request): string {
  const inputs = request.getObject();
  // Not converted, because they are left out.
  request.setObject(undefined);
  const { object: _none, ...options } = request.toObject();
  request.setObject(inputs);
  return JSON.stringify(options);
}

/** The value of an Output, for a test to look at. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** An Output without a value, like that of a resource before it is created, in a preview. */
export function unknownOutput<T>(from: pulumi.Resource[] = [], secret = false): pulumi.Output<T> {
  const Output = pulumi.Output as unknown as new (
    resources: Set<pulumi.Resource>,
    value: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<Set<pulumi.Resource>>,
  ) => pulumi.Output<T>;
  const resources = new Set(from);
  const later = Promise.resolve(pulumi.unknown);
  return new Output(resources, later, Promise.resolve(false), Promise.resolve(secret), Promise.resolve(resources));
}

/** Some resource of another package, to depend on. */
export class Upstream extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  constructor(name: string, value = "from-upstream") {
    super("test:index:Upstream", name, { value });
  }
}
