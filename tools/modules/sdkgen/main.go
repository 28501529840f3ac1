// Generates the SDKs of a package schema, as Pulumi's own `gen-sdk` does, from the same generators:
//
//	sdkgen SCHEMA.json LOGO.png OUT LANGUAGE…
//
// Types of the kubernetes package come from its schema, a data file of its module that tools/toolchain puts beside this
// file before it builds.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	dotnet "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-kserve-llm"

//go:embed schema.json
var kubernetes []byte

func main() {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "usage: sdkgen SCHEMA.json LOGO.png OUT LANGUAGE…")
		os.Exit(2)
	}
	for _, language := range os.Args[4:] {
		if err := generate(os.Args[1], os.Args[2], filepath.Join(os.Args[3], language), language); err != nil {
			fmt.Fprintf(os.Stderr, "sdkgen: %s: %v\n", language, err)
			os.Exit(1)
		}
	}
}

func generate(source, logo, folder, language string) error {
	// Every generator changes the package that it is given, so each gets its own.
	loader := &loader{}
	pkg, err := load(source, loader)
	if err != nil {
		return err
	}
	files, err := filesOf(language, pkg, logo, loader)
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

func filesOf(
	language string, pkg *schema.Package, logo string, loader schema.ReferenceLoader,
) (map[string][]byte, error) {
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, loader)
	case "python":
		return python.GeneratePackage(tool, pkg, nil, loader)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	case "java":
		// As for a package that is built with the program: no Gradle files, and the version as a resource.
		return java.GeneratePackage(tool, pkg, nil, nil, true, false)
	case "dotnet":
		return withLogo(pkg, logo, func() (map[string][]byte, error) {
			return dotnet.GeneratePackage(tool, pkg, nil, nil)
		})
	default:
		return nil, fmt.Errorf("there are generators for nodejs, python, go, java and dotnet")
	}
}

// withLogo serves a file as the logo of the package meanwhile: the generator of .NET downloads it, and needs no network so.
func withLogo(
	pkg *schema.Package, logo string, generate func() (map[string][]byte, error),
) (map[string][]byte, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, logo)
	})}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	url := pkg.LogoURL
	pkg.LogoURL = "http://" + listener.Addr().String() + "/logo.png"
	defer func() { pkg.LogoURL = url }()
	return generate()
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
