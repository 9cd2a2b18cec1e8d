import { expect, test } from 'vitest';
import { withCompress } from '../../src/commands/compress-option.ts';

test('outputs of layers are compressed, unless they say otherwise; others stay as they are', () => {
  const outputs = [
    { type: 'oci' },
    { type: 'docker', compression: 'zstd' as const },
    { type: 'registry', ref: 'r.example/a:1' },
    { type: 'rootfs' },
    { type: 'import' },
  ];
  expect(withCompress(outputs, 'gzip')).toEqual([
    { type: 'oci', compression: 'gzip' },
    { type: 'docker', compression: 'zstd' },
    { type: 'registry', ref: 'r.example/a:1', compression: 'gzip' },
    { type: 'rootfs' },
    { type: 'import' },
  ]);
  expect(withCompress(outputs, undefined)).toBe(outputs);
});

test('without an output of layers it is refused', () => {
  for (const outputs of [[], [{ type: 'import' }], [{ type: 'rootfs' }]]) {
    expect(() => withCompress(outputs, 'gzip')).toThrow('no output holds a layer');
  }
});
