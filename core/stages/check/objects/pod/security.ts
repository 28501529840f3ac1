import { asText } from "../../../../kubernetes/json.ts";
import {
  all,
  each,
  fields,
  isSet,
  never,
  ofSet,
  oneOf,
  type Place,
  type Rule,
  range,
  required,
  text,
  unique,
} from "../fields.ts";
import { invalid, mapping, missing, type Refusal } from "../rule.ts";
import { INSIDE, OBJECT_NAME, SYSCTL } from "../texts.ts";

/** Security contexts. Source: validatePodSpecSecurityContext and ValidateSecurityContext, pkg/apis/core/validation, Kubernetes 1.36. */
const ID = range(0, 2 ** 31 - 1);
const isLocal = ({ holder }: Place): boolean => holder["type"] === "Localhost";

/** A profile of a kind: its type, and the file on the node, which only the type Localhost has. */
function profile(file: Rule, ...isGiven: readonly Rule[]): Rule {
  return fields({
    type: required(oneOf("RuntimeDefault", "Localhost", "Unconfined")),
    localhostProfile: all(
      (value, place) =>
        isLocal(place) && !isSet(value)
          ? [missing(place.path, "the type Localhost requires localhostProfile", "set localhostProfile")]
          : [],
      never("localhostProfile is allowed only with the type Localhost", "remove it", (place) => !isLocal(place)),
      (value, place) => (isLocal(place) && isSet(value) ? all(file, ...isGiven)(value, place) : []),
    ),
  });
}

const PADDED = text(
  (name) => (name.trim() === name ? undefined : "it starts or ends with a space"),
  "remove the spaces at the start and the end",
);
const SHARED = {
  windowsOptions: fields({ gmsaCredentialSpecName: OBJECT_NAME }),
  runAsUser: ID,
  runAsGroup: ID,
  seccompProfile: profile(INSIDE),
  appArmorProfile: profile(PADDED, required()),
};

export const POD_SECURITY = fields({
  ...SHARED,
  fsGroup: ID,
  supplementalGroups: each(ID),
  fsGroupChangePolicy: oneOf("OnRootMismatch", "Always"),
  supplementalGroupsPolicy: oneOf("Merge", "Strict"),
  seLinuxChangePolicy: oneOf("Recursive", "MountOption"),
  sysctls: all(each(fields({ name: required(SYSCTL, ofHost) })), unique("name", "kernel parameter")),
});

const OF_NETWORK = /^net[./]/;
const OF_IPC = /^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/;

/** A kernel parameter that belongs to the host, if the pod shares the host's namespace. */
function ofHost(...[value, { path, pod }]: Parameters<Rule>): Refusal[] {
  const name = asText(value);
  const shared = [
    ["hostNetwork", OF_NETWORK],
    ["hostIPC", OF_IPC],
  ] as const;
  return shared.flatMap(([field, pattern]) =>
    pod.spec[field] === true && pattern.test(name)
      ? [invalid(path, `${name} is a parameter of the host, because ${field} is true`, `remove it, or ${field}`)]
      : [],
  );
}

export const CONTAINER_SECURITY = fields(
  { ...SHARED, procMount: all(oneOf("Default", "Unmasked"), ofSet(unmasked)) },
  (value, { path }) => {
    const { privileged, allowPrivilegeEscalation, capabilities } = mapping(value);
    if (allowPrivilegeEscalation !== false) return [];
    const { add } = mapping(capabilities);
    const isAdmin = Array.isArray(add) && add.includes("CAP_SYS_ADMIN");
    const why = privileged === true ? "a privileged container" : isAdmin ? "a container with CAP_SYS_ADMIN" : undefined;
    if (why === undefined) return [];
    // Another layer may set `false` too, so removing the value here may not remove it.
    const fix = `remove ${privileged === true ? "privileged" : "the capability"}, or set allowPrivilegeEscalation to true`;
    return [invalid(`${path}.allowPrivilegeEscalation`, `${why} can always escalate its privileges`, fix)];
  },
);

function unmasked(...[value, { path, pod }]: Parameters<Rule>): Refusal[] {
  if (value !== "Unmasked" || pod.spec["hostUsers"] === false) return [];
  return [
    invalid(path, "procMount Unmasked requires a pod with hostUsers: false", "remove it, or set hostUsers: false"),
  ];
}
