// SPDX-License-Identifier: Apache-2.0

// Command render prints the Kubernetes objects of the IstioOperator files that it is given.
package main

import (
	"fmt"
	"os"

	"istio.io/istio/operator/pkg/render"
)

func main() {
	sets, _, err := render.GenerateManifest(os.Args[1:], nil, true, nil, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, set := range sets {
		for _, object := range set.Manifests {
			fmt.Printf("%s\n---\n", object.Content)
		}
	}
}
