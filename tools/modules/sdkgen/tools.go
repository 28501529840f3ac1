//go:build tools

package main

import (
	// Holds the module that the kubernetes schema is a file of.
	_ "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)
