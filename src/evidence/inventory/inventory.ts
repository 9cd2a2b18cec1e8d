import type { ByteString } from '../../base/byte-string.ts';
import type { Io } from '../../base/events.ts';
import type { Component } from '../../kinds/component.ts';
import { archiveFinder } from '../../kinds/minirootfs/by-archive.ts';
import type { Linked } from '../../kinds/static/linked.ts';
import { programComponents } from '../../kinds/static/program-components.ts';
import { rootfsArchiveComponent } from '../../kinds/static/source-components.ts';
import type { Lock } from '../../lock/locked.ts';
import type { Claim } from '../../packages/claim.ts';
import { licenceFinder } from '../../packages/deb/installed/copyrights.ts';
import { type Distro, distroOf, distroOfDebs } from '../../packages/distro.ts';
import { packagePurl } from '../../packages/package-record.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { type RootfsView, rootfsView } from '../../rootfs/view.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { attribute } from './attribute.ts';
import { ruleFinder } from './by-rule.ts';
import { runFinder } from './by-run.ts';
import type { InventoryFile, Unattributed } from './file.ts';
import { hashFiles } from './hash-files.ts';
import { type KnownPackage, lockedSha256, packageComponent } from './package-components.ts';
import { recipeParts } from './recipe-parts.ts';
import { type RootfsPackages, rootfsPackages } from './rootfs-packages.ts';

/** What an inventory is taken from; all of it is only read. */
export interface InventoryInput {
  readonly recipe: Recipe;
  readonly lock: Lock;
  /** Of the finished rootfs; their contents are still there. */
  readonly entries: readonly Entry[];
  /** Holds the locked inputs. */
  readonly store: Store;
  /** Of a static recipe: what its linker put into its programs. */
  readonly linked?: Linked;
  /** Of a recipe with `run:`: the entries that its commands found. */
  readonly beforeRun?: readonly Entry[];
}

/** What a rootfs is made of: every component, and which one each path belongs to. */
export interface Inventory {
  /** For instance `debian-13`, as `distro` qualifiers of purls say it; undefined for no distribution's. */
  readonly distro: string | undefined;
  /** Sorted by id. */
  readonly components: readonly Component[];
  /** Everything but directories, sorted by path. */
  readonly files: readonly InventoryFile[];
  /** Sorted by path; empty when every byte is accounted for. */
  readonly unattributed: readonly Unattributed[];
}

/** An installed package with its id, and what it claims. */
interface IdentifiedPackage extends KnownPackage {
  readonly id: string;
  readonly claims: readonly Claim[];
}

/** Claims by the paths that they come to in the rootfs, in the order given. */
function claimsByPath(claims: Iterable<Claim>, view: RootfsView): Map<ByteString, Claim[]> {
  const byPath = new Map<ByteString, Claim[]>();
  for (const claim of claims) {
    const path = view.resolve(claim.path);
    const others = byPath.get(path);
    if (others === undefined) byPath.set(path, [claim]);
    else others.push(claim);
  }
  return byPath;
}

/** Paths of which a claim states an md5. */
function withMd5(claims: ReadonlyMap<ByteString, readonly Claim[]>): Set<ByteString> {
  const isMd5 = ({ expected }: Claim) => expected.type === 'file' && expected.algorithm === 'md5';
  return new Set([...claims].filter(([, each]) => each.some(isMd5)).map(([path]) => path));
}

/** A rootfs without packages, or one that does not say whose they are. */
const noDistro: Distro = { id: 'unknown', release: '' };

function identified({ packages }: RootfsPackages, lock: Lock, distro: Distro): IdentifiedPackage[] {
  return packages.map(({ record, claims }) => {
    const id = packagePurl(record, distro);
    return { id, record, sha256: lockedSha256(lock, record), claims: claims(id) };
  });
}

const byPathAndReason = (a: Unattributed, b: Unattributed): number =>
  a.path < b.path || (a.path === b.path && a.reason < b.reason) ? -1 : 1;

/**
 * Finds out which component every path of a rootfs belongs to. A claim counts only when the bytes
 * bear it out: those of a package are held against the hashes that it ships, those of `files:`
 * against what the recipe asks for. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, IO, INTERRUPTED.
 */
export async function takeInventory(input: InventoryInput, io: Io): Promise<Inventory> {
  const { recipe, lock, entries, store, beforeRun } = input;
  const view = rootfsView(entries);
  const found = await rootfsPackages(input, view, io);
  const distro = (await distroOf(view)) ?? (lock.debs && distroOfDebs(lock.debs));
  const packages = identified(found, lock, distro ?? noDistro);
  const own = await recipeParts(recipe, view);
  const programs = await programComponents(input);
  const claimed = [...own.claims, ...programs.claims, ...packages.flatMap((each) => each.claims)];
  const claims = claimsByPath(claimed, view);
  const archive = lock.rootfs && rootfsArchiveComponent(lock.rootfs);
  const { files, unattributed } = attribute({
    view,
    claims,
    digests: await hashFiles(entries, withMd5(claims), io),
    madeByRun: await runFinder(beforeRun, io),
    byRule: ruleFinder(found.rules, {
      view,
      claims,
      packages: new Map(packages.map(({ id, record }) => [record.name, id])),
      build: own.build?.id,
    }),
    byArchive: await archiveFinder(lock.rootfs, archive?.id, store, io),
  });
  const used = new Set(files.map(({ component }) => component));
  const others = [...own.components, ...(archive ? [archive] : [])];
  const components = [...programs.components, ...others.filter(({ id }) => used.has(id))];
  const sources = { view, known: found.copyrights, debs: lock.debs, store };
  const licenceOf = licenceFinder(sources, io);
  for (const each of packages) {
    components.push(await packageComponent(each, distro ?? noDistro, licenceOf));
  }
  return {
    distro: distro?.release,
    components: components.sort((a, b) => (a.id < b.id ? -1 : 1)),
    files,
    unattributed: [...unattributed, ...programs.unattributed].sort(byPathAndReason),
  };
}
