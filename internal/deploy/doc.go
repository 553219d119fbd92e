// Package deploy holds nothing but the test of the files that run the binaries elsewhere: Dockerfile, docker-compose.yml
// and .env.example name only what exists.
package deploy
