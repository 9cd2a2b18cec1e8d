import { describe, expect, test } from 'vitest';
import { subjectsOf } from '../../src/evidence/provenance/provenance.ts';
import type { Image } from '../../src/image/image.ts';
import { recordedLayers } from '../../src/verify/provenance.ts';
import {
  recordedCompressions,
  recordedForms,
  recordedManifests,
} from '../../src/verify/recorded-forms.ts';
import { temporaryFolder } from '../support/folder.ts';
import { imageOf, makeRootfs, packedImage } from '../support/image.ts';
import { imageOnBase } from '../support/layers.ts';
import { directory, file } from '../support/tar.ts';

const base = [directory('etc'), file('etc/a', 'a')];
const above = [directory('etc'), file('etc/a', 'other')];
const annotations = { 'com.example.note': 'as the build was asked for' };

const statementOf = (image: Image) =>
  JSON.parse(JSON.stringify({ subject: subjectsOf(image, 'sample') }));

describe.each([
  ['one layer', async () => imageOf(await makeRootfs(temporaryFolder(), above))],
  ['two layers', () => imageOnBase(base, above, undefined, { annotations })],
])('the subjects of an image of %s', (_, make) => {
  test('tell its compressed forms, down to their manifests', async () => {
    const image = packedImage(await make());
    const statement = statementOf(image);
    expect(recordedCompressions(statement)).toEqual(['gzip', 'zstd']);
    const { forms: __, ...bare } = image;
    const found = recordedForms(statement, bare);
    expect(found.map(({ manifest }) => manifest)).toEqual(
      image.forms?.map(({ manifest }) => manifest),
    );
    const digests = image.forms?.map(({ manifest }) => manifest.digest);
    expect(recordedManifests(statement, image.manifest.mediaType)).toEqual(digests);
    expect(statementOf({ ...bare, forms: found })).toEqual(statement);
  });

  test('tell none where no output asked for one', async () => {
    const statement = statementOf(await make());
    expect(recordedCompressions(statement)).toEqual([]);
    expect(recordedManifests(statement, 'application/vnd.oci.image.manifest.v1+json')).toEqual([]);
  });
});

test('layers that are not compressed are told apart from those of other forms', async () => {
  const image = packedImage(await imageOnBase(base, above));
  expect(recordedLayers(statementOf(image))).toEqual(
    image.layers.map(({ diffId, size }) => ({ diffId, size })),
  );
  const one = packedImage(imageOf(await makeRootfs(temporaryFolder(), above)));
  expect(recordedLayers(statementOf(one))).toEqual([]);
});
