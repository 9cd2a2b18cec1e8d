import { rpmArch } from '../../packages/rpm/arch.ts';
import type { LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import { proveRpms } from '../../packages/rpm/prove-rpms.ts';
import { rpmDownloads, rpmIndexFiles } from '../../packages/rpm/rpm-downloads.ts';
import { updateRpms } from '../../packages/rpm/rpm-inputs.ts';
import { withBuilder } from '../../steps/builder.ts';
import { type KindWork, noParts } from '../contract.ts';
import { askedRepositories, distroOf, repositoryRoots } from './asked.ts';
import { installRpms } from './install.ts';
import { resolveRpms } from './resolve.ts';
import type { RpmSource } from './schema.ts';

export const work: KindWork<RpmSource, LockedRpms> = {
  resolve: resolveRpms,
  downloads: async (wanted, locked, sources) => {
    const roots = repositoryRoots(wanted, sources);
    return rpmDownloads(locked, new Map(roots.map((root) => [root.name, root])));
  },
  prove: async (wanted, locked, sources, io) => {
    const asked = {
      arch: rpmArch(wanted.platform.name),
      distro: distroOf(wanted.source),
      repositories: await askedRepositories(wanted, sources),
    };
    return proveRpms(locked, asked, sources, io);
  },
  indexFiles: (_, locked, sources, io) => rpmIndexFiles(locked, sources, io),
  update: updateRpms,
  build: async (pinned, context, io) => ({
    entries: await installRpms(pinned, withBuilder(context), io),
  }),
  special: () => 'listed',
  parts: async () => ({ ...noParts, madeByBuild: true }),
};
