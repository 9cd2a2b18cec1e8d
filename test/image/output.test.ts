import { describe, expect, test } from 'vitest';
import { destination, parseOutput } from '../../src/image/output.ts';

describe('parseOutput', () => {
  test.each([
    ['type=import', { type: 'import' }],
    ['type=oci', { type: 'oci' }],
    ['type=oci,dest=a.tar', { type: 'oci', dest: 'a.tar' }],
    ['dest=layout/,type=oci', { type: 'oci', dest: 'layout/' }],
    ['TYPE=docker,dest=a=b.tar', { type: 'docker', dest: 'a=b.tar' }],
    ['type=rootfs,"dest=a,b.tar"', { type: 'rootfs', dest: 'a,b.tar' }],
    ['type=rootfs,"dest=""a"".tar"', { type: 'rootfs', dest: '"a".tar' }],
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
    ['type=oci,"dest=x', 'its quotes do not match'],
    ['type=oci,"dest=x"y', 'its quotes do not match'],
  ])('refuses %j', (text, why) => {
    expect(() => parseOutput(text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(why) }),
    );
  });
});

describe('destination', () => {
  test.each([
    [{ type: 'oci' }, '/out/image.oci.tar', false],
    [{ type: 'docker' }, '/out/image.docker.tar', false],
    [{ type: 'rootfs' }, '/out/rootfs.tar', false],
    [{ type: 'oci', dest: '/x/layout/' }, '/x/layout', true],
    [{ type: 'oci', dest: '/x/a.tar' }, '/x/a.tar', false],
  ] as const)('puts %j at %s', (output, path, folder) => {
    expect(destination(output, '/out')).toEqual({ path, folder });
  });

  test('takes a relative dest from the current folder, as other tools do', () => {
    expect(destination({ type: 'oci', dest: 'a.tar' }, '/out').path).toBe(`${process.cwd()}/a.tar`);
  });
});
