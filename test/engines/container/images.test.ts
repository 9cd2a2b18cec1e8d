import { expect, test } from 'vitest';
import { readInspected } from '../../../src/engines/container/cli-client.ts';
import { importMark } from '../../../src/engines/container/images.ts';
import { ownedName, ownerState } from '../../../src/store/owner.ts';

test('docker and podman describe an image in the same terms', () => {
  const layer = `sha256:${'1'.repeat(64)}`;
  const docker = [
    {
      Id: 'sha256:abc',
      RepoTags: ['mkbase/hello:latest'],
      RootFS: { Type: 'layers', Layers: [layer] },
      Config: { Cmd: ['/hello'], Labels: { a: 'b' } },
      Comment: '',
    },
  ];
  const podman = [{ ...docker[0], Id: 'abc', RepoTags: ['localhost/mkbase/hello:latest'] }];
  const expected = [
    {
      id: 'sha256:abc',
      diffIds: [layer],
      labels: { a: 'b' },
      tags: ['mkbase/hello:latest'],
      config: docker[0]?.Config,
      comment: '',
    },
  ];
  expect(readInspected(JSON.stringify(docker))).toEqual(expected);
  expect(readInspected(JSON.stringify(podman))).toEqual(expected);
});

test('what an engine leaves out is empty', () => {
  const bare = [{ Id: 'abc', RepoTags: null, RootFS: { Layers: null }, Config: null }];
  expect(readInspected(JSON.stringify(bare))).toEqual([
    { id: 'sha256:abc', diffIds: [], labels: {}, tags: [], config: {}, comment: '' },
  ]);
});

test('an import is marked with its owner, who can be asked after', async () => {
  const owner = importMark.exec(`mkbase (${await ownedName()})`)?.[1] ?? '';
  expect(await ownerState(owner)).toBe('alive');
  expect(importMark.exec('Imported from -')).toBeNull();
});
