import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
const folder = join(dirname(library), 'res/schema');

const schema = (name: string): object =>
  JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;

/** Validates against the official JSON schema of CycloneDX 1.6, which its own library ships. */
export function cyclonedxValidator(): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  // Formats of internationalised addresses, which ajv-formats does not know.
  for (const name of ['idn-email', 'iri-reference']) ajv.addFormat(name, true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  return ajv.compile(schema('bom-1.6'));
}

const text = { type: 'string', minLength: 1 };
const id = { type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$' };
const hex = (digits: number) => ({ type: 'string', pattern: `^[0-9a-f]{${digits}}$` });
const checksum = {
  oneOf: [
    { properties: { algorithm: { const: 'SHA1' }, checksumValue: hex(40) } },
    { properties: { algorithm: { const: 'SHA256' }, checksumValue: hex(64) } },
  ],
  required: ['algorithm', 'checksumValue'],
};
const only = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const reference = (category: string, type: string, pattern: string) =>
  only(
    {
      referenceCategory: { const: category },
      referenceType: { const: type },
      referenceLocator: { type: 'string', pattern },
    },
    ['referenceCategory', 'referenceType', 'referenceLocator'],
  );

/** Clauses 6 to 11 of the SPDX 2.3 specification, for the fields that mkbase writes and no others. */
const spdx = only(
  {
    spdxVersion: { const: 'SPDX-2.3' },
    dataLicense: { const: 'CC0-1.0' },
    SPDXID: { const: 'SPDXRef-DOCUMENT' },
    name: text,
    documentNamespace: { type: 'string', format: 'uri', not: { pattern: '#' } },
    comment: text,
    creationInfo: only(
      {
        created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
        creators: { type: 'array', items: { type: 'string', pattern: '^Tool: \\S+-\\S+$' } },
      },
      ['created', 'creators'],
    ),
    packages: {
      type: 'array',
      items: only(
        {
          SPDXID: id,
          name: text,
          versionInfo: text,
          supplier: { type: 'string', pattern: '^(?:NOASSERTION|(?:Person|Organization): .+)$' },
          downloadLocation: { type: 'string', pattern: '^(?:NOASSERTION|(?:https?|file)://\\S+)$' },
          filesAnalyzed: { type: 'boolean' },
          packageVerificationCode: only({ packageVerificationCodeValue: hex(40) }, [
            'packageVerificationCodeValue',
          ]),
          checksums: { type: 'array', items: checksum },
          homepage: { type: 'string', format: 'uri' },
          sourceInfo: text,
          licenseConcluded: text,
          licenseDeclared: text,
          licenseComments: text,
          copyrightText: text,
          primaryPackagePurpose: { enum: ['CONTAINER', 'SOURCE'] },
          externalRefs: {
            type: 'array',
            items: {
              oneOf: [
                reference('PACKAGE-MANAGER', 'purl', '^pkg:'),
                reference('SECURITY', 'cpe23Type', '^cpe:2\\.3:'),
              ],
            },
          },
        },
        ['SPDXID', 'name', 'downloadLocation'],
      ),
    },
    files: {
      type: 'array',
      items: only(
        {
          SPDXID: id,
          fileName: { type: 'string', pattern: '^\\./[^/]' },
          checksums: {
            type: 'array',
            items: checksum,
            contains: { properties: { algorithm: { const: 'SHA1' } } },
          },
          comment: text,
        },
        ['SPDXID', 'fileName', 'checksums'],
      ),
    },
    relationships: {
      type: 'array',
      items: only(
        {
          spdxElementId: id,
          relatedSpdxElement: id,
          relationshipType: { enum: ['DESCRIBES', 'CONTAINS', 'GENERATED_FROM', 'STATIC_LINK'] },
          comment: text,
        },
        ['spdxElementId', 'relatedSpdxElement', 'relationshipType'],
      ),
    },
    hasExtractedLicensingInfos: {
      type: 'array',
      items: only(
        {
          licenseId: { type: 'string', pattern: '^LicenseRef-[A-Za-z0-9.-]+$' },
          name: text,
          extractedText: text,
        },
        ['licenseId', 'extractedText'],
      ),
    },
  },
  [
    'spdxVersion',
    'dataLicense',
    'SPDXID',
    'name',
    'documentNamespace',
    'creationInfo',
    'packages',
    'relationships',
  ],
);

/** Holds a document against what the specification says of the fields that mkbase writes. */
export function spdxValidator(): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  return ajv.compile(spdx);
}
