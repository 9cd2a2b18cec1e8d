import type { Lock } from '../../lock/locked.ts';
import type { FileSum } from '../sums.ts';
import { dependenciesOf } from './dependencies.ts';
import type { Dependency } from './dependency.ts';

/** A signed index or a detached signature, and what is believed because of it. */
export interface TrustLink {
  /** Name of the file beside trust.json that holds its bytes. */
  readonly file: string;
  readonly sha256: string;
  /** Where it was fetched. */
  readonly url: string;
  /** Fingerprints of OpenPGP keys; file names of apk's keys, by which its signatures name them. */
  readonly signedBy: readonly string[];
  /** Names of the inputs that it vouches for, sorted. */
  readonly vouchesFor: readonly string[];
}

/** An input from outside that no signature vouches for. */
export interface Unsigned {
  readonly name: string;
  readonly sha256: string;
  /** Why it was taken: its digest is in the recipe, or `--allow unsigned-archive`. */
  readonly by: 'recipe' | 'unsigned-archive';
}

/** What trust.json holds: from which keys the trust in each input comes. */
export interface TrustChain {
  readonly trustVersion: 1;
  readonly links: readonly TrustLink[];
  readonly unsigned: readonly Unsigned[];
}

/** Nothing that a file system, a shell or SHA256SUMS could stumble over. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9._+-]+/g, '-');

/** `InRelease of trixie` becomes `trixie.InRelease`, `signature of lua.tar.gz` `lua.tar.gz.asc`. */
function fileName({ name }: Dependency): string {
  const [what = '', of = ''] = name.split(' of ');
  const ending = { signature: 'asc', APKINDEX: 'APKINDEX.tar.gz' }[what] ?? what;
  return `${plain(of)}.${ending}`;
}

/** Two files of one name: a toolchain's index may be of another day than the packages' own. */
const distinct = (name: string, sha256: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? `${sha256.slice(0, 8)}-${name}` : name;

const sha256Of = ({ digest }: Dependency): string => digest.sha256 ?? '';

function vouchedBy(link: Dependency, dependencies: readonly Dependency[]): string[] {
  if (link.annotations.role === 'signature') return [link.name.replace('signature of ', '')];
  const names = dependencies.flatMap(({ name, annotations: { trust } }) =>
    trust.by === 'index' && trust.sha256 === sha256Of(link) ? [name] : [],
  );
  return [...new Set(names)].sort();
}

function linksOf(dependencies: readonly Dependency[]): TrustLink[] {
  const links = new Map<string, TrustLink>();
  const names = new Set<string>();
  for (const dependency of dependencies) {
    const { role, trust } = dependency.annotations;
    const sha256 = sha256Of(dependency);
    if ((role !== 'index' && role !== 'signature') || links.has(sha256)) continue;
    const file = distinct(fileName(dependency), sha256, names);
    names.add(file);
    links.set(sha256, {
      file,
      sha256,
      url: dependency.uri ?? '',
      signedBy: 'signedBy' in trust ? trust.signedBy : [],
      vouchesFor: vouchedBy(dependency, dependencies),
    });
  }
  return [...links.values()];
}

function unsignedOf(dependencies: readonly Dependency[]): Unsigned[] {
  return dependencies.flatMap((dependency) => {
    const { by } = dependency.annotations.trust;
    if (by !== 'recipe' && by !== 'unsigned-archive') return [];
    return [{ name: dependency.name, sha256: sha256Of(dependency), by }];
  });
}

/** Why the inputs of a lock are believed, from keys down; the same lock gives the same chain. */
export function trustChain(lock: Lock): TrustChain {
  const dependencies = dependenciesOf(lock);
  return {
    trustVersion: 1,
    links: linksOf(dependencies),
    unsigned: unsignedOf(dependencies),
  };
}

/** The files that lie beside trust.json: copied as they were fetched, so that gpgv can check them. */
export const trustFiles = ({ links }: TrustChain): FileSum[] =>
  links.map(({ file, sha256 }) => ({ name: file, sha256 }));
