//go:build full

package main

// everything has every call meet every failure.
const everything = true
