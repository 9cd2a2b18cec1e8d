import type { Component } from '../kinds/component.ts';
import { buildSets, imageSet } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import { families } from '../packages/registry.ts';
import type { Mismatch } from './report.ts';

const isPackage = ({ kind }: Component) => families.some(({ name }) => name === kind);

/** Returns components with version, hash and URL as the lock pins them, where it does. */
export function pinnedComponents(components: readonly Component[], lock: Lock): Component[] {
  const [own, builder] = [false, true].map((reversed) => {
    const sets = buildSets(lock);
    return (reversed ? sets.reverse() : sets).flatMap((set) => set.inputs);
  });
  return components.map((component) => {
    // A builder may have the image's packages from another mirror.
    const inputs = (component.linked.length > 0 ? builder : own) ?? [];
    if (!isPackage(component)) {
      const file = inputs.find(({ sha256 }) => sha256 === component.sha256);
      return file === undefined ? component : { ...component, url: file.url };
    }
    const named = inputs.filter(
      ({ family, name }) => family === component.kind && name === component.name,
    );
    const pin = named.find(({ version }) => version === component.version) ?? named[0];
    if (pin?.version === undefined) return component;
    const { version, sha256, url } = pin;
    return { ...component, version, ...(component.sha256 !== undefined && { sha256, url }) };
  });
}

/**
 * Reports packages that the lock has for the image and no component is of; `from` has the components. A
 * kind whose packages are of no family names its components as it likes.
 */
export function missingComponents(
  components: readonly Component[],
  lock: Lock,
  from: string,
): Mismatch[] {
  const listed = new Set(components.map(({ kind, name }) => `${kind} ${name}`));
  return imageSet(lock)
    .inputs.filter(
      ({ role, family, name }) =>
        role === 'package' && family !== undefined && !listed.has(`${family} ${name}`),
    )
    .map(({ name, version }) => ({
      ...{ file: 'lock.json', field: `package ${name}`, claimed: `${name} ${version}` },
      ...{ computed: 'no component of it', from },
    }));
}
