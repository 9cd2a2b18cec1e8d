import type { Io } from '../../../base/events.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import { attempt, ProvenInput, requireSame, type SetProof } from '../../proof.ts';
import {
  archiveIn,
  type SourceArchive,
  sourcesPath,
  type WantedSource,
} from '../choose/source-package.ts';
import type { DebianContext } from './debian-context.ts';
import { pinnedRelease } from './pinned-release.ts';
import { openPinned } from './prove-debs.ts';

/**
 * Follows the chain of trust for the upstream archive of a Debian source package: a key signed the Release
 * file of the suite that the recipe names, which names the hash of the index of sources, whose newest
 * version of the package names the archive.
 */
export function proveSource(
  locked: SourceArchive,
  wanted: WantedSource,
  context: DebianContext,
  io: Io,
): Promise<SetProof> {
  const { index } = locked.trust;
  const { sha256 } = locked;
  const file = { sha256: index.inRelease, name: `InRelease of ${index.suite}` };
  return attempt(file, [locked], async () => {
    requireSame(locked.name, { suite: index.suite }, { suite: wanted.suite });
    const { release, signed } = await pinnedRelease(index, context, io);
    const name = `the index of sources of ${index.suite}`;
    const listed = await attempt({ ...file, name }, [locked], async () => {
      const sources = await openPinned(release, sourcesPath, context, io);
      try {
        const { path, ...archive } = await archiveIn(sources, wanted);
        const url = withoutCredentials(below(index.mirror, path));
        requireSame(locked.name, { ...locked }, { ...archive, url });
        return { signed: [], inputs: [ProvenInput.seen(sha256, 'index')], refusals: [] };
      } finally {
        await sources.close();
      }
    });
    return { ...listed, signed: [signed] };
  });
}
