//go:build tools

package tools

import (
	_ "github.com/llm-d/llm-d-inference-scheduler/cmd/epp"
	_ "github.com/llm-d/llm-d-inference-scheduler/cmd/pd-sidecar"
)
