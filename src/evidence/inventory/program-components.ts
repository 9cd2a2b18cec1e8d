import type { Linked } from '../../build/static/linked.ts';
import type { ToolchainPackage } from '../../build/static/toolchain-files.ts';
import { toByteString } from '../../byte-string.ts';
import type { LockedDebs } from '../../sources/debian/locked.ts';
import { parseParagraph } from '../../sources/debian/paragraph.ts';
import { debianLicence } from '../licences/debian-copyright.ts';
import { unknownLicence } from '../licences/licence.ts';
import type { Claim } from './claim.ts';
import type { Component, LinkedPart } from './component.ts';
import { distroOfDebs } from './distro.ts';
import { debRecord } from './dpkg-database.ts';
import type { Unattributed } from './file.ts';
import type { InventoryInput } from './inventory.ts';
import { linkedParts, unknownParts } from './linked-packages.ts';
import { packageComponent } from './package-components.ts';
import { archiveComponent, sourcesComponent } from './source-components.ts';

/** What the programs of a static recipe are made of. */
export interface ProgramComponents {
  readonly claims: readonly Claim[];
  readonly components: readonly Component[];
  readonly unattributed: readonly Unattributed[];
}

const nothing: ProgramComponents = { claims: [], components: [], unattributed: [] };
const unlinked: Linked = { programs: [], packages: [] };

const licenceOf = ({ copyright, name }: ToolchainPackage) =>
  copyright === undefined
    ? Promise.resolve(unknownLicence('the builder holds no copyright file of it'))
    : debianLicence(copyright, name);

/** A package that the linker took something from; undefined for one whose record names no version. */
async function linkedComponent(
  each: ToolchainPackage,
  linked: readonly LinkedPart[],
  debs: LockedDebs,
): Promise<Component | undefined> {
  const record = debRecord(parseParagraph(each.control));
  if (record === undefined) return undefined;
  const locked = debs.packages.find(
    ({ name, version }) => name === record.name && version === record.version,
  );
  const known = { record, sha256: locked?.sha256, linked };
  return packageComponent(known, distroOfDebs(debs), () => licenceOf(each));
}

/**
 * The components of static programs: their sources or upstream archive, which the programs belong to,
 * and each package of the toolchain that the linker took something from.
 */
export async function programComponents({
  recipe,
  lock,
  linked = unlinked,
}: InventoryInput): Promise<ProgramComponents> {
  const { from } = recipe;
  const debs = lock.toolchain?.debs;
  if (from.kind !== 'static' || debs === undefined) return nothing;
  const own = lock.archive
    ? archiveComponent(lock.archive, recipe)
    : await sourcesComponent(recipe, from.static);
  const parts = linkedParts(linked);
  const components = [own];
  for (const each of linked.packages) {
    const component = await linkedComponent(each, parts.get(each.name) ?? [], debs);
    if (component !== undefined) components.push(component);
  }
  const claims = linked.programs.map(({ path }) => ({
    component: own.id,
    path: toByteString(path.slice(1)),
    expected: { type: 'program' } as const,
  }));
  return { claims, components, unattributed: unknownParts(linked) };
}
