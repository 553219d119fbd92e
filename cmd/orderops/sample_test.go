//go:build !full

package main

// everything has every call meet every failure, and not only one of them.
const everything = false
