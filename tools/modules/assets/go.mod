module github.com/pulumi-kserve-llm/tools/assets

go 1.26.0

require (
	github.com/kedacore/keda/v2 v2.19.0
	github.com/prometheus-operator/prometheus-operator v0.88.0
	sigs.k8s.io/gateway-api v1.5.0
	sigs.k8s.io/gateway-api-inference-extension v1.5.0
	sigs.k8s.io/kwok v0.8.0
	sigs.k8s.io/lws v0.9.0
)
