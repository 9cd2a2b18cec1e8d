import type { Platform } from '../../../base/platform.ts';
import { distributions } from '../../../packages/deb/archive/distribution.ts';
import { defaultMirrors } from '../../../packages/deb/archive/mirrors.ts';
import { placeOf } from '../../../packages/deb/archive/releases.ts';
import { defaultUbuntuMirrors } from '../../../packages/deb/archive/ubuntu-mirrors.ts';
import type { Entry } from '../../../tar/entry.ts';
import { suitesOf } from '../choose/suites.ts';
import type { DebootstrapSource } from '../schema.ts';

/** The recipe's archive that an image's sources name; nothing of the machine that builds it. */
export interface SourcesInput {
  readonly source: DebootstrapSource;
  readonly platform: Platform;
  /** The distribution's own mirror, as debootstrap knows it. */
  readonly mirror: string;
}

/** Returns the distribution's mirror of security updates, which debootstrap does not know. */
function securityMirror({ source, platform }: SourcesInput): string {
  if (source.distro === 'ubuntu') return defaultUbuntuMirrors(platform).security;
  return defaultMirrors.security;
}

/** Returns the field that names the archive's key file in the rootfs; none for a distribution without one. */
function signedBy({ source }: SourcesInput, entries: readonly Entry[]): string[] {
  const there = new Set(entries.map(({ path }) => path));
  const keyring = distributions[source.distro].keyrings.find((path) => there.has(path));
  return keyring === undefined ? [] : [`Signed-By: /${keyring}`];
}

/**
 * Returns apt's sources in the deb822 form (sources.list(5)): the suite and its updates, and the security
 * updates, as far as the recipe takes packages from them, from the distribution's own mirrors, and further
 * suites of its archive. Those of third parties are left out: their keys would have to be there, too.
 */
export function sourcesList(input: SourcesInput, entries: readonly Entry[]): string {
  const { source, mirror } = input;
  const wanted = suitesOf(source);
  const mirrors = { main: mirror, security: securityMirror(input) };
  const keys = signedBy(input, entries);
  const stanza = (uri: string, suites: readonly string[], components: readonly string[]) =>
    [
      'Types: deb',
      `URIs: ${uri}`,
      `Suites: ${suites.join(' ')}`,
      `Components: ${components.join(' ')}`,
      ...keys,
    ].join('\n');
  const stanzas = (['main', 'security'] as const).flatMap((place) => {
    const suites = wanted.filter((each) => each.mirror === place).map(({ suite }) => suite);
    if (suites.length === 0) return [];
    return [stanza(mirrors[place], suites, source.components)];
  });
  const further = input.source.sources.filter(({ url }) => url === undefined);
  const added = further.map(({ suite, components }) => {
    return stanza(mirrors[placeOf(suite)], [suite], components);
  });
  return `${[...stanzas, ...added].join('\n\n')}\n`;
}
