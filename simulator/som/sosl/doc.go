// Package sosl reads searches: the words to find, with their operators, and SOSL statements around them. It finds nothing
// itself; whoever has the rows splits their texts into words and asks the expression, then runs the query that a statement
// makes of each object.
//
// The package knows no HTTP, no JSON and no rows. It is used by the REST face of the platform.
package sosl
