//go:build tools

// Package tools pins the etcd that the API server of the test bed keeps its objects in.
package tools

import _ "go.etcd.io/etcd/server/v3"
