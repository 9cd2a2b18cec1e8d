import { describe, expect, test } from 'vitest';
import { parseOutput } from '../../src/outputs/parse-output.ts';

describe('parseOutput', () => {
  test.each([
    ['type=import', { type: 'import' }],
    ['type=oci', { type: 'oci' }],
    ['type=oci,dest=a.tar', { type: 'oci', dest: 'a.tar' }],
    ['dest=layout/,type=oci', { type: 'oci', dest: 'layout/' }],
    ['TYPE=docker,dest=a=b.tar', { type: 'docker', dest: 'a=b.tar' }],
    ['type=rootfs,"dest=a,b.tar"', { type: 'rootfs', dest: 'a,b.tar' }],
    ['type=rootfs,"dest=""a"".tar"', { type: 'rootfs', dest: '"a".tar' }],
    ['type=oci,compression=zstd', { type: 'oci', compression: 'zstd' }],
    ['type=docker,compression=none', { type: 'docker', compression: 'none' }],
    ['type=rootfs,compression=zstd', { type: 'rootfs', compression: 'zstd' }],
    ['type=rootfs,compression=none', { type: 'rootfs', compression: 'none' }],
    ['type=rootfs,dest=a.tar.gz', { type: 'rootfs', dest: 'a.tar.gz', compression: 'gzip' }],
    ['type=rootfs,dest=a.tgz', { type: 'rootfs', dest: 'a.tgz', compression: 'gzip' }],
    ['type=rootfs,dest=a.tar.zst', { type: 'rootfs', dest: 'a.tar.zst', compression: 'zstd' }],
    ['type=rootfs,dest=a.tar.xz', { type: 'rootfs', dest: 'a.tar.xz', compression: 'xz' }],
    ['type=rootfs,dest=a,compression=xz', { type: 'rootfs', dest: 'a', compression: 'xz' }],
    ['type=rootfs,dest=a.txz,compression=xz', { type: 'rootfs', dest: 'a.txz', compression: 'xz' }],
  ])('reads %s', (text, output) => {
    expect(parseOutput(text)).toEqual(output);
  });

  test.each([
    ['', 'expected key=value, found ""'],
    ['out.tar', 'expected key=value, found "out.tar"'],
    ['type=oci,', 'expected key=value, found ""'],
    ['dest=x.tar', 'it has no type'],
    ['type=dokcer', 'there is no type "dokcer" (did you mean docker?)'],
    ['type=toString', 'there is no type "toString"'],
    ['type=oci,dset=x', 'there is no key "dset" (did you mean dest?)'],
    ['type=oci,tar=false', 'there is no key "tar"'],
    ['type=oci,type=docker', 'type stands there twice'],
    ['type=import,dest=x', 'takes no dest'],
    ['type=oci,dest=', 'dest is empty'],
    ['type=rootfs,dest=-', 'standard output is for the result'],
    ['type=rootfs,dest=x/', 'dest has to be a file'],
    ['type=docker,dest=x/', 'dest has to be a file'],
    ['type=rootfs,compression=bzip2', 'there is no compression "bzip2"'],
    ['type=rootfs,compression=gz', 'there is no compression "gz" (did you mean gzip?)'],
    ['type=rootfs,compression=', 'there is no compression ""'],
    [
      'type=rootfs,dest=a.tar.gz,compression=xz',
      'of what is compressed with gzip; end it in .tar.xz',
    ],
    ['type=rootfs,dest=a.tar.xz,compression=none', 'of what is compressed with xz; end it in .tar'],
    ['type=rootfs,dest=a.tar,compression=zstd', 'of what is not compressed; end it in .tar.zst'],
    ['type=oci,compression=xz', 'a layer has no compression "xz"'],
    ['type=docker,compression=gz', 'a layer has no compression "gz" (did you mean gzip?)'],
    ['type=import,compression=none', 'only what holds a layer or the root filesystem'],
    ['type=oci,"dest=x', 'its quotes do not match'],
    ['type=oci,"dest=x"y', 'its quotes do not match'],
  ])('refuses %j', (text, why) => {
    expect(() => parseOutput(text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(why) }),
    );
  });
});
