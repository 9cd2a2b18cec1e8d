import type { LockedInput, SignedIndex, Trust } from '../../packages/contract.ts';
import { listedIn, suiteIndex } from '../../packages/deb/deb-inputs.ts';
import { detachedSignature } from '../detached-signature.ts';
import type { LockedArchive } from './locked-archive.ts';

function trustIn({ trust }: LockedArchive): Trust {
  switch (trust.by) {
    case 'recipe':
      return trust;
    case 'index':
      return listedIn(trust.index);
    case 'signature':
      return { by: trust.by, signedBy: trust.signedBy };
  }
}

/** Describes an upstream archive as an input of the lock. */
export function archiveInput(archive: LockedArchive): LockedInput {
  const { name, url, sha256, version } = archive;
  return {
    ...{ role: 'archive', name, uri: url, url, file: name, sha256 },
    ...(version !== undefined && { version }),
    trust: trustIn(archive),
  };
}

/** Describes the signed index that names an upstream archive, or the signature over it. */
export function archiveIndexes({ name, trust }: LockedArchive): SignedIndex[] {
  if (trust.by === 'index') return [suiteIndex(trust.index, 'source archive')];
  return trust.by === 'signature' ? [detachedSignature(name, trust)] : [];
}
