import { expect, test } from 'vitest';
import { hostOf } from '../../../src/base/host.ts';
import {
  namespaceRefusal,
  systemRefusal,
} from '../../../src/engines/namespace/namespace-engine.ts';

const settings = (values: Record<string, string>) => async (name: string) => values[name];

test.each([
  ['kernel.unprivileged_userns_clone', '0', '1'],
  ['user.max_user_namespaces', '0', '15000'],
  ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'],
])(
  'a system that forbids user namespaces with %s is told how to permit them',
  async (name, off, on) => {
    expect(await namespaceRefusal('unshare failed', settings({ [name]: off }))).toEqual({
      reason: `this system forbids user namespaces (${name} is ${off})`,
      cure: `Permit them: sudo sysctl -w ${name}=${on}.`,
    });
  },
);

test('any other refusal is told in the words of unshare', async () => {
  const stderr = 'warning\nunshare: cannot change root filesystem propagation: Permission denied\n';
  expect(await namespaceRefusal(stderr, settings({}))).toEqual({
    reason:
      'this system refuses a user namespace (unshare: cannot change root filesystem propagation: Permission denied)',
    cure: expect.stringContaining('--privileged'),
  });
});

test('a util-linux that does not know what is asked of it is told apart', async () => {
  const stderr =
    "unshare: unrecognized option '--root=/'\nTry 'unshare --help' for more information.\n";
  expect(await namespaceRefusal(stderr, settings({}))).toEqual({
    reason: 'its util-linux is too old',
    cure: expect.stringContaining('Upgrade'),
  });
});

test('namespaces are refused on every system but Linux, by its name', () => {
  expect(systemRefusal(hostOf('linux'))).toBeUndefined();
  expect(systemRefusal(hostOf('win32'))).toEqual({
    reason: 'it is made of what Linux alone has, and this is Windows',
    cure: expect.stringContaining('docker or podman'),
  });
});
