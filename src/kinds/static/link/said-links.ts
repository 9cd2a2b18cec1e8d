import type { Io } from '../../../base/events.ts';
import type { LockedInput } from '../../../packages/contract.ts';
import { debRecord } from '../../../packages/deb/installed/dpkg-database.ts';
import { type Copyright, readDebFiles } from '../../../packages/deb/installed/read-deb.ts';
import { debianLicence } from '../../../packages/deb/licences/debian-copyright.ts';
import { type Licence, unknownLicence } from '../../../packages/licences/licence.ts';
import { packagePurl } from '../../../packages/purl.ts';
import type { Store } from '../../../store/store.ts';
import { type Component, type LinkedPart, packageComponent } from '../../component.ts';
import type { BuilderInputs } from '../../contract.ts';

/** The locked packages of a builder, and the store that has them where they are at hand. */
interface BuilderPackages extends BuilderInputs {
  readonly store: Store | undefined;
}

const readDeb = ({ name, file, sha256 }: LockedInput, store: Store, io: Io) =>
  readDebFiles({ name, filename: file, sha256 }, store, io);

/** Returns what the lock alone says of a package. */
function lockedRecord({ family = '', name, version = '', architecture = '', source }: LockedInput) {
  const { name: sourceName = name, version: sourceVersion = version } = source ?? {};
  return {
    ...{ kind: family, name, version, architecture },
    source: { name: sourceName, version: sourceVersion },
  };
}

/** Returns the licence in a copyright file, or in that of the package of the same source that it links to. */
async function licenceIn(
  copyright: Copyright | undefined,
  name: string,
  { inputs }: BuilderInputs,
  store: Store,
  io: Io,
): Promise<Licence> {
  const other =
    copyright && 'of' in copyright ? inputs.find((each) => each.name === copyright.of) : undefined;
  const found = other ? (await readDeb(other, store, io)).copyright : copyright;
  if (found && 'text' in found) return debianLicence(found.text, name);
  return unknownLicence('the builder holds no copyright file of it');
}

async function saidComponent(
  input: LockedInput,
  linked: readonly LinkedPart[],
  builder: BuilderPackages,
  io: Io,
): Promise<Component | undefined> {
  const { store, distro } = builder;
  if (distro === undefined) return undefined;
  if (store === undefined) {
    const record = lockedRecord(input);
    const known = {
      record,
      purl: packagePurl(record, distro, input.vendor),
      locked: input,
      linked,
    };
    return packageComponent(known, async () => unknownLicence('its .deb is not at hand'));
  }
  const { fields, copyright } = await readDeb(input, store, io);
  const record = debRecord(fields);
  if (record === undefined) return undefined;
  const known = { record, purl: packagePurl(record, distro, input.vendor), locked: input, linked };
  return packageComponent(known, ({ name }) => licenceIn(copyright, name, builder, store, io));
}

/**
 * Returns the packages that programs are said to be linked from as components: what was taken from them is
 * as it is said, all else comes from the lock and, with a store, from the .debs. A package that the lock
 * does not have is left out. Errors: those of readDebFiles.
 */
export async function saidComponents(
  linked: ReadonlyMap<string, readonly LinkedPart[]>,
  builder: BuilderPackages,
  io: Io,
): Promise<Component[]> {
  const components: Component[] = [];
  for (const [name, parts] of linked) {
    const input = builder.inputs.find((each) => each.name === name);
    const component = input && (await saidComponent(input, parts, builder, io));
    if (component !== undefined) components.push(component);
  }
  return components;
}
