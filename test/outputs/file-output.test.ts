import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { OutputRequest } from '../../src/outputs/contract.ts';
import { destinationOf } from '../../src/outputs/file-output.ts';
import { placeImage } from '../../src/outputs/place.ts';
import { temporaryFolder } from '../support/folder.ts';
import { imageOf, makeRootfs, packedImage, plainFile, quietIo } from '../support/image.ts';

const rootfs = (compression: OutputRequest['compression']) => ({ type: 'rootfs', compression });

test.each([
  [{ type: 'oci' }, 'image.oci.tar'],
  [{ type: 'docker' }, 'image.docker.tar'],
  [{ type: 'rootfs' }, 'rootfs.tar'],
  [rootfs('none'), 'rootfs.tar'],
  [rootfs('gzip'), 'rootfs.tar.gz'],
  [rootfs('zstd'), 'rootfs.tar.zst'],
  [rootfs('xz'), 'rootfs.tar.xz'],
] as [OutputRequest, string][])(
  '%j without a dest is %s in the output folder',
  async (request, name) => {
    const folder = temporaryFolder();
    const outDir = join(folder, 'out');
    const image = packedImage(
      imageOf(await makeRootfs(folder, [plainFile('file', Buffer.from('x'))])),
    );
    const context = { outDir, tags: [], store: undefined };
    const placed = await placeImage(image, [request], context, quietIo());
    onTestFinished(() => placed.discard());
    expect(placed.outputs).toMatchObject([{ type: request.type, dest: join(outDir, name) }]);
  },
);

test.each([
  ['/x/layout/', '/x/layout'],
  ['/x/a.tar', '/x/a.tar'],
])('the dest %s is the path %s', (dest, path) => {
  expect(destinationOf({ type: 'oci', dest }, '/out', 'image.oci.tar')).toBe(path);
});
