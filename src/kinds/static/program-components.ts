import { toByteString } from '../../base/byte-string.ts';
import { parseParagraph } from '../../packages/deb/index/paragraph.ts';
import { debRecord } from '../../packages/deb/installed/dpkg-database.ts';
import { debianLicence } from '../../packages/deb/licences/debian-copyright.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import { packagePurl } from '../../packages/purl.ts';
import type { Component, LinkedPart } from '../component.ts';
import {
  type BuilderInputs,
  type KindParts,
  noParts,
  type PartsContext,
  type Wanted,
} from '../contract.ts';
import { packageComponent } from '../package-component.ts';
import type { Linked } from './linked.ts';
import { linkedParts, unknownParts } from './linked-packages.ts';
import type { LockedStatic } from './locked-archive.ts';
import type { StaticSource } from './schema.ts';
import { archiveComponent, sourcesComponent } from './source-components.ts';
import type { ToolchainPackage } from './toolchain-files.ts';

const unlinked: Linked = { programs: [], packages: [] };

const licenceOf = ({ copyright, name }: ToolchainPackage) =>
  copyright === undefined
    ? Promise.resolve(unknownLicence('the builder holds no copyright file of it'))
    : debianLicence(copyright, name);

/** Returns a package that the linker took something from; undefined for one whose record names no version. */
async function linkedComponent(
  each: ToolchainPackage,
  linked: readonly LinkedPart[],
  { inputs, distro }: BuilderInputs,
): Promise<Component | undefined> {
  const record = debRecord(parseParagraph(each.control));
  if (record === undefined || distro === undefined) return undefined;
  const locked = inputs.find(
    ({ name, version }) => name === record.name && version === record.version,
  );
  const purl = packagePurl(record, distro);
  return packageComponent({ record, purl, sha256: locked?.sha256, linked }, () => licenceOf(each));
}

/**
 * Tells what programs are made of: their sources or upstream archive, which the programs belong to, and
 * each package of the toolchain that the linker took something from.
 */
export async function programParts(
  wanted: Wanted<StaticSource>,
  { archive }: LockedStatic,
  { recipe, builder }: PartsContext,
  linked: Linked = unlinked,
): Promise<KindParts> {
  if (builder === undefined) return noParts;
  const own = archive ? archiveComponent(archive, recipe) : await sourcesComponent(wanted, recipe);
  const parts = linkedParts(linked);
  const components = [own];
  for (const each of linked.packages) {
    const component = await linkedComponent(each, parts.get(each.name) ?? [], builder);
    if (component !== undefined) components.push(component);
  }
  const claims = linked.programs.map(({ path }) => ({
    component: own.id,
    path: toByteString(path.slice(1)),
    expected: { type: 'program' } as const,
  }));
  return { ...noParts, claims, components, unattributed: unknownParts(linked) };
}
