// Reads a plan in Terraform's JSON format from standard input with HashiCorp's own library, and prints what a tool that is
// built on it would see: the format, and for each change the address, the actions and whether it is an import.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	tfjson "github.com/hashicorp/terraform-json"
)

type change struct {
	Address   string   `json:"address"`
	Type      string   `json:"type"`
	Actions   []string `json:"actions"`
	Importing string   `json:"importing,omitempty"`
	Previous  string   `json:"previous,omitempty"`
}

type summary struct {
	Format  string            `json:"format"`
	Changes []change          `json:"changes"`
	Outputs map[string]string `json:"outputs"`
	Planned int               `json:"planned"`
	Prior   int               `json:"prior"`
	// Values of variables, as JSON; absent: null.
	Variables  map[string]any      `json:"variables"`
	Timestamp  string              `json:"timestamp"`
	Terraform  string              `json:"terraform"`
	References map[string][]string `json:"references"`
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	var plan tfjson.Plan
	if err := plan.UnmarshalJSON(text); err != nil {
		fail(err)
	}
	if err := plan.Validate(); err != nil {
		fail(err)
	}
	seen := summary{
		Format: plan.FormatVersion, Terraform: plan.TerraformVersion, Timestamp: plan.Timestamp,
		Changes: []change{}, Outputs: map[string]string{}, Variables: map[string]any{}, References: map[string][]string{},
	}
	for _, c := range plan.ResourceChanges {
		one := change{Address: c.Address, Type: c.Type, Actions: []string{}, Previous: c.PreviousAddress}
		for _, a := range c.Change.Actions {
			one.Actions = append(one.Actions, string(a))
		}
		if c.Change.Importing != nil {
			one.Importing = c.Change.Importing.ID
		}
		seen.Changes = append(seen.Changes, one)
	}
	for name, c := range plan.OutputChanges {
		seen.Outputs[name] = fmt.Sprint(c.Actions)
	}
	if plan.PlannedValues != nil && plan.PlannedValues.RootModule != nil {
		seen.Planned = len(plan.PlannedValues.RootModule.Resources)
	}
	if plan.PriorState != nil && plan.PriorState.Values != nil && plan.PriorState.Values.RootModule != nil {
		seen.Prior = len(plan.PriorState.Values.RootModule.Resources)
	}
	for name, variable := range plan.Variables {
		seen.Variables[name] = variable.Value
	}
	for _, block := range plan.Config.RootModule.Resources {
		for name, expression := range block.Expressions {
			seen.References[block.Address+"."+name] = expression.References
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
