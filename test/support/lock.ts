import type { LockedDebootstrapRoot } from '../../src/kinds/debootstrap/locked-debootstrap.ts';
import type { LockedMinirootfs } from '../../src/kinds/minirootfs/locked-rootfs.ts';
import type { Lock, LockedToolchain } from '../../src/lock/schema.ts';
import type { LockedApks } from '../../src/packages/apk/locked-apks.ts';
import type { LockedDebs, LockedIndex, LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import { type From, sourceOf } from '../../src/recipe/kind.ts';
import { sha256Of } from './store.ts';

/** Fingerprint of the key that signed `trixie`. */
export const debianKey = '04B54C3CDCA79751B16BC6B5225629DF75B188BD';

/** A signed index of Debian. */
export const trixie: LockedIndex = {
  suite: 'trixie',
  components: ['main'],
  mirror: 'https://mirror.example/debian',
  date: 1_700_000_000,
  inRelease: sha256Of('index'),
  signedBy: [debianKey],
};

/** A package that `trixie` lists; its other fields follow from name and version. */
export function lockedDeb(name: string, changes: Partial<LockedPackage> = {}): LockedPackage {
  const { version = '1.0-1', source = name } = changes;
  return {
    ...{ name, version, architecture: 'amd64', source, sourceVersion: version, suite: 'trixie' },
    filename: `pool/main/${name}_${version}_amd64.deb`,
    size: name.length * 1000,
    sha256: sha256Of(`${name} ${version}`),
    ...changes,
  };
}

/** Packages that `trixie` lists. */
export const lockedDebs = (...packages: readonly LockedPackage[]): LockedDebs => ({
  indexes: [trixie],
  packages,
});

/** `from` of a lock for a kind. */
export const fromOf = (kind: string, locked: unknown): From => ({ kind, [kind]: locked });

/** A lock of a kind; its other fields have defaults. */
export const lockOf = (kind: string, locked: unknown, changes: Partial<Lock> = {}): Lock => ({
  ...{ lockVersion: 2, recipe: 'demo', platform: 'linux/amd64', epoch: 1_700_000_000 },
  ...{ request: sha256Of('asked'), asked: {}, from: fromOf(kind, locked) },
  ...changes,
});

/** A builder of Debian packages, locked. */
export const lockedToolchain = (name: string, debs: LockedDebs): LockedToolchain => ({
  ...{ name, epoch: 1_700_000_000, from: fromOf('debs', debs) },
});

/** Returns what a lock pins for debootstrap. */
export const debootstrapIn = ({ from }: Pick<Lock, 'from'>): LockedDebootstrapRoot =>
  sourceOf(from) as LockedDebootstrapRoot;

/** Returns the Debian packages of a lock, or of its builder; none for a kind without. */
export function debsIn(part: Pick<Lock, 'from'> | undefined): readonly LockedPackage[] {
  if (part?.from.kind === 'debootstrap') return debootstrapIn(part).debs.packages;
  return part?.from.kind === 'debs' ? (sourceOf(part.from) as LockedDebs).packages : [];
}

/** Returns what a lock pins of Alpine's packages; undefined without any. */
export function apksIn({ from }: Pick<Lock, 'from'>): LockedApks | undefined {
  if (from.kind === 'apk') return sourceOf(from) as LockedApks;
  return from.kind === 'minirootfs' ? (sourceOf(from) as LockedMinirootfs).apks : undefined;
}
