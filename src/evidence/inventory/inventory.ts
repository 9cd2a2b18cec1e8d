import type { ByteString } from '../../base/byte-string.ts';
import type { Io } from '../../base/events.ts';
import { platforms } from '../../base/platform.ts';
import { type Component, packageComponent, type Unattributed } from '../../kinds/component.ts';
import type { FileBeside, KindParts, KindWork, PartsContext } from '../../kinds/contract.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { builderSet } from '../../lock/inputs.ts';
import { wantedOf } from '../../lock/lock.ts';
import type { Lock } from '../../lock/schema.ts';
import type { Claim } from '../../packages/claim.ts';
import { distroOf } from '../../packages/distro.ts';
import { families } from '../../packages/registry.ts';
import { sourceOf } from '../../recipe/kind.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { type RootfsView, rootfsView } from '../../rootfs/view.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { withAbout } from './about.ts';
import { attribute, runFinder } from './attribute.ts';
import { ruleFinder } from './by-rule.ts';
import type { InventoryFile } from './file.ts';
import { type Digests, hashFiles } from './hash-files.ts';
import { recipeParts } from './recipe-parts.ts';
import {
  identifiedPackages,
  type ListedPackages,
  licenceFinder,
  listedPackages,
  noListedPackages,
} from './rootfs-packages.ts';

/** The rootfs of which an inventory is taken, and its sources; all of it is only read. */
export interface InventoryInput {
  readonly recipe: Recipe;
  readonly lock: Lock;
  /** Entries of the finished rootfs; their contents are still there. */
  readonly entries: readonly Entry[];
  /** Digests of the files among them, where they have been computed. */
  readonly digests?: ReadonlyMap<ByteString, Digests> | undefined;
  /** Holds the locked inputs; undefined where they are not at hand, and only the rootfs can tell. */
  readonly store: Store | undefined;
  /** The record that the kind's build left for its inventory. */
  readonly record?: unknown;
  /** The entries that the recipe's commands found, if it has `run:`. */
  readonly beforeRun?: readonly Entry[] | undefined;
  /** Tells whether the recipe's commands made a path, where `beforeRun` is not at hand. */
  readonly saidOfRun?: (path: ByteString) => boolean;
  /** The parts of the builder's packages that programs were linked from, where there is no `record`. */
  readonly saidOfLinks?: PartsContext['linked'];
  /** Files beside the recipe by the sha256 that is recorded of them, where they are not at hand. */
  readonly filesBeside?: readonly FileBeside[];
}

/** The components of a rootfs, and the one that each path belongs to. */
export interface Inventory {
  /**
   * For instance `debian-13`, as `distro` qualifiers of purls say it; undefined for no distribution's.
   */
  readonly distro: string | undefined;
  /** Sorted by id. */
  readonly components: readonly Component[];
  /** Everything but directories, sorted by path. */
  readonly files: readonly InventoryFile[];
  /** Sorted by path; empty when every byte is accounted for. */
  readonly unattributed: readonly Unattributed[];
}

/** Groups claims by the paths that they lead to in the rootfs, in the order given. */
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

/** Returns the paths of which a claim states an md5. */
function withMd5(claims: ReadonlyMap<ByteString, readonly Claim[]>): Set<ByteString> {
  const isMd5 = ({ expected }: Claim) => expected.type === 'file' && expected.algorithm === 'md5';
  return new Set([...claims].filter(([, each]) => each.some(isMd5)).map(([path]) => path));
}

/** Asks the recipe's kind for the parts of the rootfs that no database there lists. */
async function kindParts(
  { recipe, lock, store, record, saidOfLinks, filesBeside }: InventoryInput,
  { parts }: KindWork,
  view: RootfsView,
  listed: ListedPackages,
  io: Io,
): Promise<KindParts> {
  const { file, sha256 } = recipe.fromOrigin;
  const { toolchain } = lock;
  const builder = toolchain && {
    inputs: builderSet(lock)?.inputs ?? [],
    distro: kindOf(toolchain.from).distro?.(sourceOf(toolchain.from)),
  };
  const context = {
    ...{ view, store, record, builder },
    recipe: { file, sha256 },
    families: listed.families,
    ...{ linked: saidOfLinks, filesBeside },
  };
  const wanted = wantedOf(recipe, platforms[lock.platform]);
  return parts(wanted, sourceOf(lock.from), context, io);
}

/** Orders what is attributed to nothing. */
export const byPathAndReason = (a: Unattributed, b: Unattributed): number =>
  a.path < b.path || (a.path === b.path && a.reason < b.reason) ? -1 : 1;

/**
 * Finds out which component every path of a rootfs belongs to. A claim counts only when the bytes
 * bear it out: those of a package are held against the hashes that it ships, those of `files:`
 * against what the recipe asks for. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, IO, INTERRUPTED.
 */
export async function takeInventory(input: InventoryInput, io: Io): Promise<Inventory> {
  const { recipe, lock, entries, beforeRun, saidOfRun, filesBeside } = input;
  const view = rootfsView(entries);
  const work = await kindOf(recipe.from).load();
  const listed = work.unpacks?.(sourceOf(recipe.from))
    ? noListedPackages
    : await listedPackages(view);
  const parts = await kindParts(input, work, view, listed, io);
  const distro = (await distroOf(view)) ?? kindOf(lock.from).distro?.(sourceOf(lock.from));
  const all = [...listed.packages, ...parts.packages];
  const packages = identifiedPackages(all, lock, distro);
  const own = await recipeParts(recipe, parts.madeByBuild, view, filesBeside);
  const claimed = [...own.claims, ...parts.claims, ...packages.flatMap((each) => each.claims)];
  const claims = claimsByPath(claimed, view);
  const generated = families.flatMap((each) =>
    listed.families.has(each.name) ? each.generated : [],
  );
  const { files, unattributed } = attribute({
    view,
    claims,
    digests: input.digests ?? (await hashFiles(entries, withMd5(claims), io)),
    madeByRun: saidOfRun ? ({ path }) => saidOfRun(path) : await runFinder(beforeRun, io),
    byRule: ruleFinder([...parts.generated, ...generated], {
      view,
      claims,
      packages: new Map(packages.map(({ purl, record }) => [record.name, purl])),
      build: own.build?.id,
    }),
    archive: parts.archive,
  });
  const used = new Set(files.map(({ component }) => component));
  const others = [...own.components, ...(parts.archive ? [parts.archive.component] : [])];
  const components: Component[] = [...parts.components, ...others.filter(({ id }) => used.has(id))];
  const licenceOf = licenceFinder(parts.licences, view, io);
  for (const each of packages) {
    const own = await packageComponent(each, licenceOf);
    // A package of the rootfs may also be one that programs are linked from.
    const at = components.findIndex(({ id }) => id === own.id);
    if (at === -1) components.push(own);
    else components[at] = { ...own, linked: components[at]!.linked };
  }
  return {
    distro: distro?.release,
    components: withAbout(
      components.sort((a, b) => (a.id < b.id ? -1 : 1)),
      recipe.about,
    ),
    files,
    unattributed: [...unattributed, ...parts.unattributed].sort(byPathAndReason),
  };
}
