import { toByteString } from '../../base/byte-string.ts';
import type { Unattributed } from '../../evidence/inventory/file.ts';
import type { InventoryInput } from '../../evidence/inventory/inventory.ts';
import { packageComponent } from '../../evidence/inventory/package-components.ts';
import type { Claim } from '../../packages/claim.ts';
import { parseParagraph } from '../../packages/deb/index/paragraph.ts';
import { debRecord } from '../../packages/deb/installed/dpkg-database.ts';
import { debianLicence } from '../../packages/deb/licences/debian-copyright.ts';
import type { LockedDebs } from '../../packages/deb/locked.ts';
import { distroOfDebs } from '../../packages/distro.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import type { Component, LinkedPart } from '../component.ts';
import type { Linked } from './linked.ts';
import { linkedParts, unknownParts } from './linked-packages.ts';
import { archiveComponent, sourcesComponent } from './source-components.ts';
import type { ToolchainPackage } from './toolchain-files.ts';

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
