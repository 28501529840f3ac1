// The kubernetes resource plugin, served from the provider's own Go package. Schema and mapping are data files of that
// module; tools/toolchain puts them beside this file before it builds.
package main

import (
	"bytes"
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

const version = "4.25.0"

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var mapping []byte

func main() {
	// The file in the module has no version, which SDK generation needs: releases fill it in, and so do we.
	schema = bytes.Replace(schema, []byte("{"), []byte(`{"version":"`+version+`",`), 1)
	provider.Serve("kubernetes", version, schema, mapping)
}
