import type { LockedInput, SignedIndex } from '../contract.ts';
import type { Distro } from '../distro.ts';
import { below } from '../mirror-url.ts';
import { packagePurl } from '../purl.ts';
import { mergeUpdated } from '../update.ts';
import { fileOf } from './local-repository.ts';
import type { LockedAlpm, LockedAlpms } from './locked-alpm.ts';

/** The name of the family, and the type of its package URLs. */
export const family = 'alpm';

/** Arch Linux, which has no releases. */
export const archDistro: Distro = { id: 'arch', release: 'arch' };

/** The part of the image that packages make. */
const part = 'packages';

/** Describes locked packages, in the lock's order. */
export const alpmInputs = ({ mirror, packages }: LockedAlpms): LockedInput[] =>
  packages.map((each) => {
    const { name, version, arch: architecture, base, filename, sha256, signature } = each;
    const record = { kind: family, name, version, architecture, source: { name: base, version } };
    return {
      ...{ role: 'package', family, name, version, architecture },
      source: { name: base },
      uri: packagePurl(record, archDistro),
      url: below(mirror, filename),
      file: fileOf(each),
      sha256,
      trust: { by: 'signature', signedBy: [signature.signedBy] },
      dated: { part, date: each.built },
    };
  });

/** Describes the signatures of locked packages. */
export const alpmSignatures = ({ mirror, packages }: LockedAlpms): SignedIndex[] =>
  packages.map((each) => ({
    role: 'signature',
    name: `signature of ${each.name}`,
    file: `${fileOf(each)}.sig`,
    url: `${below(mirror, each.filename)}.sig`,
    sha256: each.signature.sha256,
    signedBy: [each.signature.signedBy, ...each.signature.masters],
    signs: each.name,
  }));

/** Returns newer locked packages in which only those built from the sources of these names are newer. */
export function updateAlpm(
  before: LockedAlpms,
  after: LockedAlpms,
  sources: ReadonlySet<string>,
): LockedAlpms {
  const isUpdated = ({ base }: LockedAlpm) => sources.has(base);
  const packages = mergeUpdated(before.packages, after.packages, isUpdated);
  return { ...after, packages, date: newestOf(packages) };
}

/** Returns when the newest package was built, seconds since 1970. */
export const newestOf = (packages: readonly LockedAlpm[]): number =>
  Math.max(0, ...packages.map(({ built }) => built));
