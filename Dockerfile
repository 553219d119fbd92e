# Two static images out of one build: `--target simulator` and `--target orderops`.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/ ./cmd/somsim ./cmd/orderops \
 && mkdir /out/state

# Both binaries carry the time zones; certificate roots come along for a service that calls real systems.
FROM scratch AS base
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 65532:65532

FROM base AS simulator
COPY --from=build /out/somsim /somsim
EXPOSE 8700 8701
HEALTHCHECK --interval=5s --timeout=3s CMD ["/somsim", "health"]
ENTRYPOINT ["/somsim"]
CMD ["serve", "--listen", "0.0.0.0:8700", "--control", "0.0.0.0:8701"]

FROM base AS orderops
COPY --from=build /out/orderops /orderops
COPY --from=build --chown=65532:65532 /out/state /state
ENV XDG_STATE_HOME=/state
EXPOSE 8702
HEALTHCHECK --interval=5s --timeout=3s CMD ["/orderops", "health"]
ENTRYPOINT ["/orderops"]
CMD ["serve", "--listen", "0.0.0.0:8702"]
