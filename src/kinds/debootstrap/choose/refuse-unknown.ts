import { MkbaseError } from '../../../base/errors.ts';
import { requestedPackage } from '../../../packages/deb/choose/requested.ts';
import type { Pins, SuiteIndex, Universe } from '../../../packages/deb/index/universe.ts';
import { didYouMean } from '../../../packages/near-names.ts';

/**
 * Refuses packages that no index has, before apt is asked, which knows no near names. A name that
 * one package provides stands for that one; of several a recipe has to choose. Throws
 * PACKAGE_NOT_FOUND.
 */
export async function refuseUnknown(
  packages: readonly string[],
  pins: Pins,
  universe: Universe,
  indexes: readonly SuiteIndex[],
): Promise<void> {
  for (const word of packages) {
    const { name, version } = requestedPackage(word);
    const pin = pins.get(name);
    if (pin !== undefined) await refuseUnlisted(name, pin, indexes);
    else if ((await universe.find(name)) === undefined) await refuseVirtual(name, universe);
    else if (version !== undefined) await refuseOtherVersion(name, version, indexes);
  }
}

/** Refuses a package that the suite it is asked from does not have. */
async function refuseUnlisted(
  name: string,
  suite: string,
  indexes: readonly SuiteIndex[],
): Promise<void> {
  const own = indexes.filter((each) => each.suite === suite);
  const stanzas = await Promise.all(own.map(({ index }) => index.find(name)));
  if (stanzas.flat().length > 0) return;
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${name} in ${suite}.`,
    hint: 'Check the spelling, and the components of that source in the recipe.',
    about: [name],
  });
}

async function refuseVirtual(name: string, universe: Universe): Promise<void> {
  const providers = (await universe.providers(name)).map((provider) => provider.name);
  if (providers.length === 1) return;
  if (providers.length > 1) {
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `${name} is a virtual package, which ${providers.length} packages provide.`,
      hint: `Name one of them in "packages": ${providers.slice(0, 8).join(', ')}.`,
      about: [name],
    });
  }
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${name} in the suite.${didYouMean(name, await universe.names())}`,
    hint: 'Check the spelling, the suite and the components in the recipe.',
    about: [name],
  });
}

async function refuseOtherVersion(
  name: string,
  version: string,
  indexes: readonly SuiteIndex[],
): Promise<void> {
  const stanzas = await Promise.all(indexes.map(({ index }) => index.find(name)));
  const versions = stanzas.flat().map((stanza) => stanza.get('version') ?? '');
  if (versions.includes(version)) return;
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no version ${version} of ${name} in the suite; there is ${versions.join(', ')}.`,
    hint: 'Name one of these in "packages", or leave the version to the lock, which pins it, too.',
    about: [name],
  });
}
