// Package cometd serves the org's Streaming API: platform events over the Bayeux protocol, by long polling, as CometD and
// faye clients speak it. What a client listens to and how far it has come are rows of the sandbox; the face only
// translates messages. Its document is specs/som/cometd.yaml.
//
// A connect that finds no event is answered as soon as one is committed, or after 110 seconds. These are counted by the
// sandbox's clock, so advancing it ends the wait. A manual clock may never get there; then 110 seconds of real time end the
// wait, since that is what the client at the other end of the connection counts. So a connect is held no longer than a
// client expects, and under a clock that stands still a client asks once in 110 seconds.
//
// A client that is not heard of for 40 seconds after an answer is forgotten, but not under a manual clock: who advances
// it by an hour gives nobody the chance to be heard of.
package cometd
