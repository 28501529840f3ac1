// Generates the SDKs of a package schema, as Pulumi's own `gen-sdk` does, from the same generators:
//
//	sdkgen SCHEMA.json OUT LANGUAGE…
//
// Types of the kubernetes package come from its schema, a data file of its module that tools/toolchain puts beside this
// file before it builds.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-kserve-llm"

//go:embed schema.json
var kubernetes []byte

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: sdkgen SCHEMA.json OUT LANGUAGE…")
		os.Exit(2)
	}
	for _, language := range os.Args[3:] {
		if err := generate(os.Args[1], filepath.Join(os.Args[2], language), language); err != nil {
			fmt.Fprintf(os.Stderr, "sdkgen: %s: %v\n", language, err)
			os.Exit(1)
		}
	}
}

func generate(source, folder, language string) error {
	// Every generator changes the package that it is given, so each gets its own.
	loader := &loader{}
	pkg, err := load(source, loader)
	if err != nil {
		return err
	}
	files, err := filesOf(language, pkg, loader)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func filesOf(language string, pkg *schema.Package, loader schema.ReferenceLoader) (map[string][]byte, error) {
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, loader)
	case "python":
		return python.GeneratePackage(tool, pkg, nil, loader)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	default:
		return nil, fmt.Errorf("there are generators for nodejs, python and go")
	}
}

// load reads and checks a package schema. What it warns of is an error: the schema is ours.
func load(path string, loader schema.Loader) (*schema.Package, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	return pkg, nil
}

// loader knows the kubernetes package, in whichever version is asked for: only names of types are taken from it.
type loader struct {
	loaded schema.PackageReference
}

func (l *loader) LoadPackageReferenceV2(
	ctx context.Context, wanted *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	if wanted.Name == "pulumi" {
		return schema.DefaultPulumiPackage.Reference(), nil
	}
	if wanted.Name != "kubernetes" {
		return nil, fmt.Errorf("no schema of the package %s", wanted.Name)
	}
	if l.loaded != nil {
		return l.loaded, nil
	}
	var spec schema.PartialPackageSpec
	if err := json.Unmarshal(kubernetes, &spec); err != nil {
		return nil, err
	}
	if wanted.Version != nil {
		spec.Version = wanted.Version.String()
	}
	loaded, err := schema.ImportPartialSpec(spec, nil, l)
	if err != nil {
		return nil, err
	}
	l.loaded = loaded
	return loaded, nil
}

func (l *loader) LoadPackageReference(pkg string, version *semver.Version) (schema.PackageReference, error) {
	return l.LoadPackageReferenceV2(context.Background(), &schema.PackageDescriptor{Name: pkg, Version: version})
}

func (l *loader) LoadPackageV2(ctx context.Context, wanted *schema.PackageDescriptor) (*schema.Package, error) {
	reference, err := l.LoadPackageReferenceV2(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return reference.Definition()
}

func (l *loader) LoadPackage(pkg string, version *semver.Version) (*schema.Package, error) {
	return l.LoadPackageV2(context.Background(), &schema.PackageDescriptor{Name: pkg, Version: version})
}
