// Judges files of Prometheus rules as Prometheus itself does, and tells which series their expressions select:
//
//	promrules FILE.yaml…
//
// Prints one line of JSON a file, `{"file", "errors", "selected"}`: what `promtool check rules` would refuse, and for each
// expression the metrics with the labels that are compared. Exits with 0 whatever it finds.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

type selection struct {
	Metric string   `json:"metric"`
	Labels []string `json:"labels"`
}

type verdict struct {
	File     string      `json:"file"`
	Errors   []string    `json:"errors"`
	Selected []selection `json:"selected"`
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: promrules FILE.yaml…")
		os.Exit(2)
	}
	for _, file := range os.Args[1:] {
		if err := json.NewEncoder(os.Stdout).Encode(judge(file)); err != nil {
			fmt.Fprintf(os.Stderr, "promrules: %v\n", err)
			os.Exit(1)
		}
	}
}

func judge(file string) verdict {
	found := verdict{File: file, Errors: []string{}, Selected: []selection{}}
	promql := parser.NewParser(parser.Options{})
	groups, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, promql, slog.New(slog.DiscardHandler))
	for _, err := range errs {
		found.Errors = append(found.Errors, err.Error())
	}
	if groups == nil {
		return found
	}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			if expression, err := promql.ParseExpr(rule.Expr); err == nil {
				found.Selected = append(found.Selected, selectedBy(expression)...)
			}
		}
	}
	return found
}

func selectedBy(expression parser.Expr) []selection {
	var found []selection
	parser.Inspect(expression, func(node parser.Node, _ []parser.Node) error {
		if selector, ok := node.(*parser.VectorSelector); ok {
			found = append(found, selectionOf(selector))
		}
		return nil
	})
	return found
}

func selectionOf(selector *parser.VectorSelector) selection {
	one := selection{Metric: selector.Name, Labels: []string{}}
	for _, matcher := range selector.LabelMatchers {
		if matcher.Name != labels.MetricName {
			one.Labels = append(one.Labels, matcher.Name)
		}
	}
	return one
}
