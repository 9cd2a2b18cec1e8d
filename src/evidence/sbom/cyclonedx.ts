import { toLosslessText } from '../../base/byte-string.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { cyclonedxComponent, cyclonedxFile } from './cyclonedx-components.ts';
import {
  documentBytes,
  documentId,
  grouped,
  imagePurl,
  type Subject,
  timestampOf,
} from './document.ts';

/** Returns `debian-13` as the component by which scanners choose their advisories. */
function operatingSystem(distro: string | undefined) {
  if (distro === undefined) return [];
  const [, name = distro, version] = /^(.*?)-([0-9].*)$/.exec(distro) ?? [];
  return [{ type: 'operating-system', 'bom-ref': `os:${distro}`, name, version }];
}

const imageComponent = (subject: Subject) => ({
  type: 'container',
  'bom-ref': imagePurl(subject),
  name: subject.name,
  version: subject.manifest,
  purl: imagePurl(subject),
  properties: [
    { name: 'aquasecurity:trivy:DiffID', value: subject.diffId },
    { name: 'mkbase:platform', value: subject.platform },
  ],
});

/** Returns the dependencies of programs: their sources, and the components linked into them. */
function programDependencies({ components, files }: Inventory) {
  const programs = files.filter(({ attribution }) => attribution?.by === 'link');
  return programs.map(({ path, component }) => ({
    ref: `file:/${toLosslessText(path)}`,
    dependsOn: components
      .filter(({ id, linked }) => id === component || linked.some((each) => each.program === path))
      .map(({ id }) => id),
  }));
}

/**
 * Writes the inventory as a CycloneDX 1.6 document in JSON (https://cyclonedx.org/docs/1.6/json/): the
 * same bytes for the same arguments. A component's paths are its occurrences; static programs, and paths
 * that are attributed to nothing, are components of their own. The composition is `complete` when every
 * byte is accounted for.
 */
export function cyclonedxDocument(inventory: Inventory, subject: Subject): Buffer {
  const { components, files, unattributed, distro } = inventory;
  const owned = grouped(files, ({ component }) => component);
  const reasons = grouped(unattributed, ({ path }) => path);
  const alone = files.filter(
    ({ path, attribution }) => attribution?.by === 'link' || reasons.has(path),
  );
  const system = operatingSystem(distro);
  const programs = programDependencies(inventory);
  const linkedOnly = new Set(
    components.filter(({ linked }) => linked.length > 0).map(({ id }) => id),
  );
  const parts = [
    ...system.map((each) => each['bom-ref']),
    ...components.map(({ id }) => id).filter((id) => !linkedOnly.has(id)),
    ...alone.map(({ path }) => `file:/${toLosslessText(path)}`),
  ];
  return documentBytes({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentId('cyclonedx', subject, inventory)}`,
    version: 1,
    metadata: {
      timestamp: timestampOf(subject),
      lifecycles: [{ phase: 'build' }],
      tools: {
        components: [{ type: 'application', name: 'mkbase', version: subject.generator }],
      },
      component: imageComponent(subject),
    },
    components: [
      ...system,
      ...components.map((each) => cyclonedxComponent(each, owned.get(each.id) ?? [])),
      ...alone.map((file) =>
        cyclonedxFile(
          file,
          (reasons.get(file.path) ?? []).map(({ reason }) => reason),
        ),
      ),
    ],
    dependencies: [{ ref: imagePurl(subject), dependsOn: [...new Set(parts)] }, ...programs],
    compositions: [
      {
        aggregate: unattributed.length === 0 ? 'complete' : 'incomplete',
        assemblies: [imagePurl(subject)],
      },
    ],
  });
}
