import { isObject, type JsonObject } from "../../kubernetes/json.ts";
import { didYouMean, nearest } from "../../kubernetes/nearest.ts";
import { entryOf, type Table, tableOf } from "../../kubernetes/table.ts";

/**
 * The fields that other components of KServe read, by the path of their object, and those that are not judged by type.
 * Source: pkg/apis/serving/v1beta1/configmap.go, pkg/types/types.go, and S3Config in pkg/credentials/s3/s3_secret.go,
 * KServe v0.20.0.
 */
const OF_OTHERS: Table<readonly string[]> = tableOf({
  ingress: [
    ...["knativeLocalGatewayService", "localGateway", "localGatewayService", "ingressClassName", "ingressService"],
    ...["additionalIngressDomains", "domainTemplate", "disableIstioVirtualHost", "disableIngressCreation"],
    ...["disableHTTPRouteTimeout"],
  ],
  storageInitializer: ["enableDirectPvcVolumeMount", "ociInsecureRegistry"],
  "credentials.s3": [
    ...["s3AccessKeyIDName", "s3SecretAccessKeyName", "s3Endpoint", "s3UseHttps", "s3Region", "s3VerifySSL"],
    ...["s3UseVirtualBucket", "s3UseAccelerate", "s3UseAnonymousCredential", "s3CABundleConfigMap", "s3CABundle"],
  ],
  localModel: [
    ...["jobNamespace", "defaultJobImage", "fsGroup", "jobTTLSecondsAfterFinished", "reconcilationFrequencyInSecs"],
    ...["disableVolumeManagement"],
  ],
});

/** A field of the ConfigMap that is likely misspelt. */
export interface Misspelt {
  path: string;
  message: string;
  fix: string;
}

/** Likely slips in an object and in those below it. Other unknown fields may belong to a distribution of KServe. */
export function misspeltIn(
  given: JsonObject,
  path: string,
  fields: Readonly<Record<string, readonly string[]>>,
): Misspelt[] {
  const others = OF_OTHERS.get(path) ?? [];
  const known = [...(entryOf(fields, path) ?? []), ...others];
  return Object.entries(given).flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    const isRead = entryOf(fields, at) !== undefined || OF_OTHERS.has(at);
    const below = isRead && isObject(value) ? misspeltIn(value, at, fields) : [];
    if (known.includes(name) || nearest(name, known) === undefined) return below;
    return [{ path: at, message: `unknown field ${name}: it is ignored`, fix: didYouMean(name, known) ?? "" }];
  });
}
