import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { spdxDocument } from '../../../src/evidence/sbom/spdx.ts';
import { spdxValidator } from '../../support/sbom-schemas.ts';
import { inventory, subject, wholeInventory } from './sample.ts';

interface Document {
  readonly documentNamespace: string;
  readonly comment?: string;
  readonly packages: readonly {
    readonly SPDXID: string;
    readonly name: string;
    readonly licenseDeclared: string;
    readonly packageVerificationCode?: { readonly packageVerificationCodeValue: string };
    readonly sourceInfo?: string;
  }[];
  readonly files: readonly {
    readonly SPDXID: string;
    readonly fileName: string;
    readonly comment?: string;
  }[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relatedSpdxElement: string;
    readonly relationshipType: string;
    readonly comment?: string;
  }[];
  readonly hasExtractedLicensingInfos: readonly { readonly licenseId: string }[];
}

const parsed = (bytes: Buffer) => JSON.parse(bytes.toString()) as Document;
const document = parsed(spdxDocument(inventory, subject));

describe('the SPDX document', () => {
  test('is the one that stands in the golden file', async () => {
    await expect(spdxDocument(inventory, subject).toString()).toMatchFileSnapshot(
      '../../golden/evidence/sbom.spdx.json',
    );
  });

  test('says what the specification asks of it, and nothing else', () => {
    const validate = spdxValidator();
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  test('names each element once, and relates only what is there', () => {
    const ids = [
      'SPDXRef-DOCUMENT',
      ...document.packages.map(({ SPDXID }) => SPDXID),
      ...document.files.map(({ SPDXID }) => SPDXID),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const { spdxElementId, relatedSpdxElement } of document.relationships) {
      expect(ids).toContain(spdxElementId);
      expect(ids).toContain(relatedSpdxElement);
    }
  });

  test('relates every file to what it belongs to', () => {
    const related = document.relationships.map(
      ({ spdxElementId, relationshipType, relatedSpdxElement }) =>
        relationshipType === 'CONTAINS' ? relatedSpdxElement : spdxElementId,
    );
    for (const { SPDXID, fileName } of document.files) expect(related, fileName).toContain(SPDXID);
  });

  test('has the text of every licence that SPDX does not list', () => {
    const known = document.hasExtractedLicensingInfos.map(({ licenseId }) => licenseId);
    for (const { licenseDeclared } of document.packages) {
      for (const id of licenseDeclared.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []) {
        expect(known).toContain(id);
      }
    }
  });

  test('computes the verification code over the sorted hashes of the files', () => {
    const zlib = document.packages.find(({ name }) => name === 'zlib1g');
    const expected = createHash('sha1')
      .update('2'.repeat(40) + '4'.repeat(40))
      .digest('hex');
    expect(zlib?.packageVerificationCode?.packageVerificationCodeValue).toBe(expected);
  });

  test('says which objects a program was linked from, and of what it was made', () => {
    const link = document.relationships.find((each) => each.relationshipType === 'STATIC_LINK');
    expect(link?.comment).toBe('usr/lib/crt1.o usr/lib/libc.a(puts.o)');
    expect(document.packages.find(({ name }) => name === 'demo (sources)')?.sourceInfo).toBe(
      `made from: main.c sha256:${'e'.repeat(64)}`,
    );
  });

  test('tells what is attributed to nothing, a link as well as a file', () => {
    const mystery = document.files.find(({ fileName }) => fileName === './opt/mystery');
    expect(mystery?.comment).toMatch(/^attributed to nothing: /);
    expect(document.comment).toContain('/opt/link: no package');
    expect(parsed(spdxDocument(wholeInventory, subject)).comment).toBeUndefined();
  });

  test('is the same for the same arguments, and has another namespace for any others', () => {
    expect(spdxDocument(structuredClone(inventory), { ...subject })).toEqual(
      spdxDocument(inventory, subject),
    );
    const namespaces = [
      document,
      parsed(spdxDocument(wholeInventory, subject)),
      parsed(spdxDocument(inventory, { ...subject, manifest: subject.diffId })),
      parsed(spdxDocument(inventory, { ...subject, generator: '0.2.0' })),
    ].map(({ documentNamespace }) => documentNamespace);
    expect(new Set(namespaces).size).toBe(4);
  });
});
