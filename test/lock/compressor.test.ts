import { expect, test } from 'vitest';
import { updateOnly } from '../../src/lock/changes.ts';
import { buildSets, inputSets, inputsDigest } from '../../src/lock/inputs.ts';
import { relock } from '../../src/lock/relock.ts';
import { type Lock, type LockedCompressor, lockSchema } from '../../src/lock/schema.ts';
import { withoutStaleCompressor } from '../../src/pipeline/compress/pin-compressor.ts';
import { debsIn, lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';

const compressorOf = (version: string): LockedCompressor => ({
  ...lockedToolchain(
    'compress',
    lockedDebs(lockedDeb('pigz', { version }), lockedDeb('zstd', { version })),
  ),
  platform: 'linux/amd64',
  asked: { kind: 'debs', debs: { packages: ['pigz'] } },
});

const plain: Lock = lockOf('debs', lockedDebs(lockedDeb('base-files')));
const packing: Lock = { ...plain, compressor: compressorOf('1.0-1') };

test('a lock may pin a compressor, which is an input and makes nothing of the image', () => {
  const { compressor } = packing;
  expect(lockSchema.safeParse({ ...packing, compressor: { ...compressor, more: 1 } }).success).toBe(
    false,
  );
  expect(inputSets(packing).map(({ name }) => name)).toEqual(['image', 'compress']);
  expect(buildSets(packing).map(({ name }) => name)).toEqual(['image']);
  expect(inputsDigest(packing)).toBe(inputsDigest(plain));
});

test('a recipe that changes keeps the compressor as it was pinned', async () => {
  expect((await relock(packing, plain)).compressor).toEqual(packing.compressor);
});

test('--only updates packages of the compressor as it does others', async () => {
  const now = { ...plain, compressor: compressorOf('2.0-1') };
  const versions = async (...names: string[]) =>
    debsIn((await updateOnly(packing, now, names)).compressor).map(({ version }) => version);
  expect(await versions('pigz')).toEqual(['2.0-1', '1.0-1']);
  expect((await updateOnly(packing, plain, ['pigz'])).compressor).toEqual(packing.compressor);
});

test('a compressor that was pinned for another toolchain than that of this version is none', async () => {
  expect(await withoutStaleCompressor(packing)).toEqual(plain);
  expect(await withoutStaleCompressor(plain)).toBe(plain);
});
