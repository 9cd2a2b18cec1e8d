import { describe, expect, test } from 'vitest';
import { cyclonedxDocument } from '../../../src/evidence/sbom/cyclonedx.ts';
import { cyclonedxValidator } from '../../support/sbom-schemas.ts';
import { inventory, subject, wholeInventory } from './sample.ts';

interface Listed {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly evidence?: { readonly occurrences: readonly { readonly location: string }[] };
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Document {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Listed };
  readonly components: readonly Listed[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions: readonly { readonly aggregate: string }[];
}

const parsed = (bytes: Buffer) => JSON.parse(bytes.toString()) as Document;
const document = parsed(cyclonedxDocument(inventory, subject));
const component = (name: string) => document.components.find((each) => each.name === name);
const property = (of: string, name: string) =>
  component(of)?.properties?.find((each) => each.name === name)?.value;

describe('the CycloneDX document', () => {
  test('is the one that stands in the golden file', async () => {
    await expect(cyclonedxDocument(inventory, subject).toString()).toMatchFileSnapshot(
      '../../golden/evidence/sbom.cdx.json',
    );
  });

  test('validates against the official schema', () => {
    const validate = cyclonedxValidator();
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  test('names each component once, and relates only what is there', () => {
    const refs = [document.metadata.component, ...document.components].map(
      (each) => each['bom-ref'],
    );
    expect(new Set(refs).size).toBe(refs.length);
    for (const { ref, dependsOn } of document.dependencies) {
      for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
    }
  });

  test('says that a program depends on its sources and on what was linked into it', () => {
    expect(document.dependencies.find(({ ref }) => ref === 'file:/demo')?.dependsOn).toEqual([
      inventory.components[0]?.id,
      'recipe:sources',
    ]);
  });

  test('says where each component is', () => {
    expect(component('zlib1g')?.evidence?.occurrences.map(({ location }) => location)).toEqual([
      '/etc/cache',
      '/usr/lib/libz.so',
      '/usr/lib/libz.so.1',
    ]);
    expect(component('libc6-dev')?.evidence?.occurrences).toEqual([
      { location: '/demo', additionalContext: 'linked: usr/lib/crt1.o usr/lib/libc.a(puts.o)' },
    ]);
  });

  test('has the source package where trivy looks for it', () => {
    expect(property('libc6-dev', 'aquasecurity:trivy:SrcName')).toBe('glibc');
    expect(property('libc6-dev', 'aquasecurity:trivy:SrcVersion')).toBe('2.41');
    expect(property('libc6-dev', 'aquasecurity:trivy:SrcRelease')).toBe('12');
    expect(property('zlib1g', 'aquasecurity:trivy:SrcEpoch')).toBe('1');
  });

  test('holds no type of component that trivy refuses', () => {
    const types = new Set(document.components.map(({ type }) => type));
    expect([...types].sort()).toEqual(['application', 'file', 'library', 'operating-system']);
  });

  test('is incomplete when something is attributed to nothing, and lists it', () => {
    expect(document.compositions[0]?.aggregate).toBe('incomplete');
    expect(property('/opt/link', 'mkbase:unattributed')).toMatch(/^no package/);
    expect(property('/opt/link', 'mkbase:target')).toBe('/anywhere');
    const whole = parsed(cyclonedxDocument(wholeInventory, subject));
    expect(whole.compositions[0]?.aggregate).toBe('complete');
  });

  test('is the same for the same arguments, and has another serial number for any others', () => {
    expect(cyclonedxDocument(structuredClone(inventory), { ...subject })).toEqual(
      cyclonedxDocument(inventory, subject),
    );
    expect(parsed(cyclonedxDocument(wholeInventory, subject)).serialNumber).not.toBe(
      document.serialNumber,
    );
  });
});
