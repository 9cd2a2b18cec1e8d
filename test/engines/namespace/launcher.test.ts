import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostPlatform, platforms } from '../../../src/base/platform.ts';
import { readElf, staticProblems } from '../../../src/elf/elf.ts';
import { launcher, launcherFormat } from '../../../src/engines/namespace/launcher.ts';
import { encode } from '../../../src/engines/seccomp/bpf.ts';
import { filterCode } from '../../../src/engines/seccomp/filter.ts';
import { policyFor } from '../../../src/engines/seccomp/policy.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { hostKey } from '../../support/host-key.ts';

const policy = policyFor({ mounts: false });
const host = hostPlatform().name;

function written(
  platform: 'linux/amd64' | 'linux/arm64',
  filter = encode(filterCode(policy, platform)),
  required = true,
): string {
  const file = join(temporaryFolder(), 'launcher');
  const bytes = launcher(filter, platform, required);
  writeFileSync(file, bytes, { mode: 0o755 });
  return file;
}

/** Runs a shell script behind the filter; no_new_privs lets any user install one. */
const behind = (file: string, script: string) =>
  spawnSync('setpriv', ['--no-new-privs', file, '/bin/sh', '-c', script, 'name', 'argument'], {
    encoding: 'utf8',
    env: { A: 'b', PATH: process.env.PATH },
  });

test('the launcher puts a program behind the filter, with its arguments and its environment', () => {
  const script = 'grep ^Seccomp: /proc/self/status; echo "$0 $1 $A"; exit 3';
  expect(behind(written(host), script)).toMatchObject({
    status: 3,
    stdout: 'Seccomp:\t2\nname argument b\n',
    stderr: '',
  });
});

test('the launcher gives the program a session keyring of its own, with nothing in it', (context) => {
  const look = `grep -c ${hostKey.name} /proc/keys; true`;
  const show = (...through: string[]) => {
    const [perl, ...rest] = [...hostKey.plantingUnseen, ...through, '/bin/sh', '-c', look];
    return execFileSync(perl, rest, { encoding: 'utf8' });
  };
  context.skip(!existsSync('/proc/keys'), 'this kernel has no keyrings');
  expect(show()).toBe('1\n');
  expect(show('setpriv', '--no-new-privs', written(host))).toBe('0\n');
});

test('a filter that the kernel does not take starts nothing, and is the engine’s fault', () => {
  const nonsense = Buffer.alloc(8, 0xff);
  expect(behind(written(host, nonsense), 'echo started')).toMatchObject({
    status: 125,
    stdout: '',
    stderr: expect.stringMatching(/^mkbase-namespace: .*filter of system calls\n$/),
  });
});

test('where the kernel is known to have no filters, the launcher starts the program without one', () => {
  const script = 'grep ^Seccomp: /proc/self/status; echo "$0 $1 $A"; exit 3';
  const nonsense = Buffer.alloc(8, 0xff);
  expect(behind(written(host, nonsense, false), script)).toMatchObject({
    status: 3,
    stdout: 'Seccomp:\t0\nname argument b\n',
    stderr: '',
  });
  const { stdout } = behind(written(host, undefined, false), script);
  expect(stdout).toMatch(/^Seccomp:\t2\n/);
});

test.each(['linux/amd64', 'linux/arm64'] as const)(
  'the launcher of %s is a static program',
  async (platform) => {
    const bytes = launcher(encode(filterCode(policy, platform)), platform);
    expect(bytes.length).toBeLessThan(4096);
    const elf = await readElf(async (offset, length) => bytes.subarray(offset, offset + length));
    expect(staticProblems(elf, platforms[platform])).toEqual([]);
  },
);

const emulator = '/usr/bin/qemu-aarch64-static';
/** Returns the system calls of a launcher; the emulator has neither keyctl nor seccomp. */
const traced = (file: string) => {
  const { status, stderr } = spawnSync(emulator, ['-strace', file, '/bin/true'], {
    encoding: 'utf8',
  });
  return { status, calls: stderr.replace(/^\d+ /gm, '') };
};

test('the launcher of linux/arm64 makes its calls in their order, as an emulator sees it', (context) => {
  context.skip(!existsSync(emulator), 'no emulator is installed');
  // A filter that is not there has to be told, unless the kernel is known to have none.
  const optional = traced(written('linux/arm64', undefined, false));
  expect(optional.status).toBe(0);
  expect(optional.calls).toMatch(/^keyctl\(1,0,.*\nseccomp\(1,0,\d+,.*\nexecve\("\/bin\/true"/);
  const { status, calls } = traced(written('linux/arm64'));
  expect(status).toBe(125);
  expect(calls).toMatch(
    /^keyctl\(1,0,.*\nseccomp\(1,0,\d+,.*\nwrite\(2,0x[0-9a-f]+,73\)mkbase-namespace: .*\n = 73\nexit_group\(125\)\n$/,
  );
});

test('a shell writes the launcher with printf, byte for byte', () => {
  const file = join(temporaryFolder(), 'launcher');
  execFileSync('sh', ['-c', 'printf "$1" >"$2"', 'sh', launcherFormat(policy, true), file]);
  expect(readFileSync(file).equals(readFileSync(written(host)))).toBe(true);
});
