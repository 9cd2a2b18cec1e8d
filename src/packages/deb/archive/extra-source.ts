import { join } from 'node:path';
import { mirrorUrl } from '../../mirror-url.ts';
import type { DebianContext } from './debian-context.ts';
import { type MirrorPlace, placeOf } from './releases.ts';

/** A further source of packages, as a recipe names it under `sources:`. */
export interface ExtraSource {
  /** A short name of a third party's source; the distribution's own are known by their suite. */
  readonly name?: string | undefined;
  /** Root of a third party's archive; the distribution's own when left out. */
  readonly url?: string | undefined;
  readonly suite: string;
  readonly components: readonly string[];
  /** Files with the public keys of a third party, beside the recipe: no others are believed for it. */
  readonly keys: readonly string[];
  /** Fingerprints of those of the keys that are believed; all when left out. */
  readonly fingerprints: readonly string[];
  /** Priority as apt knows it; by what the archive says of itself when left out. */
  readonly pin?: number | undefined;
}

/** A suite that packages are taken from: its archive, keys and priority. */
export interface SourceSuite {
  /** Suite as locks and messages name it: `trixie-backports`, or `docker:trixie` of a third party. */
  readonly label: string;
  readonly suite: string;
  readonly place: MirrorPlace;
  readonly components: readonly string[];
  readonly context: DebianContext;
  readonly pin?: number | undefined;
}

/** Returns the name by which locks and messages know a suite. */
export const labelOf = ({
  name,
  url,
  suite,
}: Pick<ExtraSource, 'name' | 'url' | 'suite'>): string =>
  url === undefined ? suite : `${name}:${suite}`;

/** Returns the suite as its archive knows it. */
export const suiteIn = (label: string): string => label.slice(label.indexOf(':') + 1);

/** Returns the name of the third party that packages of a label come from; undefined for the distribution. */
export const partyOf = (label: string): string | undefined =>
  label.includes(':') ? label.slice(0, label.indexOf(':')) : undefined;

/** Tells whether packages of a label come from a third party. */
export const isThirdParty = (label: string): boolean => partyOf(label) !== undefined;

function contextOf(source: ExtraSource, folder: string, own: DebianContext): DebianContext {
  const { name = '', url, keys, fingerprints } = source;
  if (url === undefined) return own;
  const root = mirrorUrl(url, `The source ${name}`, 'https://packages.example.org/debian');
  return {
    ...own,
    mirrors: { main: root, security: root },
    keyrings: keys.map((path) => join(folder, path)),
    thirdParty: { name, fingerprints },
  };
}

/** Returns the suites that a recipe's sources name; paths of keys start from `folder`. Throws USAGE. */
export const sourceSuites = (
  sources: readonly ExtraSource[],
  folder: string,
  own: DebianContext,
): SourceSuite[] =>
  sources.map((source) => ({
    label: labelOf(source),
    suite: source.suite,
    place: source.url === undefined ? placeOf(source.suite) : 'main',
    components: source.components,
    context: contextOf(source, folder, own),
    pin: source.pin,
  }));

/** Returns the context in which a suite of a lock is followed. */
export const contextFor = <C>(
  label: string,
  suites: readonly SourceSuite[],
  own: C,
): DebianContext | C => suites.find((each) => each.label === label)?.context ?? own;
