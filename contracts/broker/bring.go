package broker

import (
	"context"
	"os"
	"path/filepath"

	"github.com/somsim/somsim/contracts/matrix"
)

// Import brings everything that is kept in files into the broker: pacts and
// their versions first, then what was verified, then what is deployed.
func (b Broker) Import(ctx context.Context, from matrix.Folder) error {
	names, err := from.Pacticipants()
	if err != nil {
		return err
	}
	var all []matrix.Version
	for _, name := range names {
		versions, err := from.Versions(name)
		if err != nil {
			return err
		}
		all = append(all, versions...)
	}
	for _, v := range all {
		if err := b.importPacts(ctx, from, v); err != nil {
			return err
		}
	}
	for _, v := range all {
		for _, r := range v.Verified {
			if err := b.importResult(ctx, all, v, r); err != nil {
				return err
			}
		}
	}
	return b.importDeployments(ctx, from)
}

func (b Broker) importPacts(ctx context.Context, from matrix.Folder, v matrix.Version) error {
	if len(v.Pacts) == 0 {
		return nil
	}
	folder, err := os.MkdirTemp("", "somsim-import-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var files []string
	for provider, sum := range v.Pacts {
		content, err := from.Pact(sum)
		if err != nil {
			return err
		}
		file := filepath.Join(folder, v.Pacticipant+"-"+provider+".json")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return err
		}
		files = append(files, file)
	}
	return b.Publish(ctx, files, v.Version, v.Branch, v.Tags)
}

// importResult publishes a result at the first version of the consumer that had
// the pact: a broker knows by the content which others have the same.
func (b Broker) importResult(ctx context.Context, all []matrix.Version, provider matrix.Version, r matrix.Verified) error {
	for _, consumer := range all {
		if consumer.Pacticipant != r.Consumer || consumer.Pacts[provider.Pacticipant] != r.SHA256 {
			continue
		}
		return b.PublishResult(ctx, Result{
			Consumer: r.Consumer, ConsumerVersion: consumer.Version, Provider: provider.Pacticipant, ProviderVersion: provider.Version,
			Branch: provider.Branch, Tags: provider.Tags, Success: r.Success, Verifier: r.Verifier,
		})
	}
	return nil // the pact was verified, and never published
}

func (b Broker) importDeployments(ctx context.Context, from matrix.Folder) error {
	environments, err := from.Environments()
	if err != nil {
		return err
	}
	for _, environment := range environments {
		if err := b.CreateEnvironment(ctx, environment); err != nil {
			return err
		}
		deployed, err := from.Deployments(environment)
		if err != nil {
			return err
		}
		for _, d := range deployed {
			if err := b.Deployed(ctx, d.Pacticipant, d.Version, environment); err != nil {
				return err
			}
		}
	}
	return nil
}
