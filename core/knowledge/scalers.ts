/**
 * The scalers of KEDA by the type of their trigger. A type that is not in the table may be one of a later release.
 * Source: buildScaler, pkg/scaling/scalers_builder.go, KEDA 2.20.
 */
export const SCALERS: readonly string[] = `
activemq apache-kafka arangodb artemis-queue aws-cloudwatch aws-dynamodb aws-dynamodb-streams aws-kinesis-stream
aws-sqs-queue azure-app-insights azure-blob azure-data-explorer azure-eventhub azure-log-analytics azure-monitor
azure-pipelines azure-queue azure-servicebus beanstalkd cassandra clickhouse couchdb cpu cron datadog dynatrace
elastic-forecast elasticsearch etcd external external-mock external-push forgejo-runner gcp-cloudtasks gcp-pubsub
gcp-spanner gcp-stackdriver gcp-storage github-runner graphite huawei-cloudeye ibmmq influxdb kafka kubernetes-resource
kubernetes-workload liiklus loki memory metrics-api mongodb mssql mysql nats-jetstream new-relic nsq opensearch
openstack-metric openstack-swift postgresql predictkube prometheus pulsar rabbitmq redis redis-cluster
redis-cluster-streams redis-sentinel redis-sentinel-streams redis-streams selenium-grid solace-direct-messaging
solace-event-queue solarwinds solr splunk splunk-observability stan sumologic temporal
`
  .trim()
  .split(/\s+/);

/** Scalers whose settings are those of a program of the user's. */
export const FREE_SCALERS: readonly string[] = ["external", "external-push", "external-mock"];

/** Settings that every scaler which has them reads as a number. Source: the `keda` tags of pkg/scalers, KEDA 2.20. */
export const NUMBERS: ReadonlySet<string> = new Set([
  ...["threshold", "activationThreshold", "lagThreshold", "activationLagThreshold"],
  ...["targetValue", "activationTargetValue", "queueLength", "activationQueueLength"],
]);

/** What a scaler requires. Source: prometheusMetadata, pkg/scalers/prometheus_scaler.go, KEDA 2.20. */
export const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  prometheus: ["serverAddress", "query", "threshold"],
};
