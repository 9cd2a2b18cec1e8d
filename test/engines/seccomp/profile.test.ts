import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policyFor, refusedBy } from '../../../src/engines/seccomp/policy.ts';
import { containerProfile, cubesOutside } from '../../../src/engines/seccomp/profile.ts';

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly { index: number; value: number; valueTwo: number; op: string }[];
}

const profileOf = (mounts: boolean) =>
  JSON.parse(containerProfile(policyFor({ mounts }))) as {
    readonly defaultAction: string;
    readonly archMap: readonly unknown[];
    readonly syscalls: readonly Rule[];
  };

const profiles = [profileOf(false), profileOf(true)] as const;

/** Answers as libseccomp does: the first rule whose conditions all hold. */
function answer(name: string, given: readonly bigint[], mounts = false): string {
  const { syscalls } = profiles[mounts ? 1 : 0];
  const rule = syscalls.find(
    ({ names, args = [] }) =>
      names.includes(name) &&
      args.every(
        ({ index, value, valueTwo, op }) =>
          op === 'SCMP_CMP_MASKED_EQ' &&
          ((given[index] ?? 0n) & BigInt(value)) === BigInt(valueTwo),
      ),
  );
  if (rule === undefined) return 'default';
  return rule.action === 'SCMP_ACT_ALLOW' ? 'allow' : `errno ${rule.errnoRet}`;
}

test('masks and values stand for all 32-bit numbers but the given ones', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 4 }), word, (numbers, other) => {
      const cubes = cubesOutside(numbers);
      const covers = (number: number) =>
        cubes.filter(({ mask, value }) => (BigInt(number) & BigInt(mask)) === BigInt(value)).length;
      for (const number of numbers) expect(covers(number)).toBe(0);
      if (!numbers.includes(other)) expect(covers(other)).toBe(1);
    }),
  );
});

test('a container may make sockets of four families only', () => {
  const made = Array.from({ length: 64 }, (_, family) => BigInt(family)).filter(
    (family) => answer('socket', [family]) === 'allow',
  );
  expect(made).toEqual([1n, 2n, 10n, 16n]);
});

test('a container cannot type into a terminal, also with bits that the kernel does not see', () => {
  for (const request of [0x5412n, 0x541cn]) {
    for (const high of [0n, 1n << 32n, 0xffffffffn << 32n]) {
      expect(answer('ioctl', [1n, high | request])).toBe('default');
    }
  }
  expect(answer('ioctl', [1n, 0x5413n])).toBe('allow');
  expect(answer('ioctl', [1n, (1n << 32n) | 0x5401n])).toBe('allow');
});

test('a container has the machine’s own calls alone, and refused ones by name', () => {
  const { defaultAction, archMap, syscalls } = profileOf(false);
  expect(defaultAction).toBe('SCMP_ACT_ERRNO');
  expect(archMap).toEqual([
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
  ]);
  expect(syscalls.at(-1)).toEqual({
    names: refusedBy(policyFor({ mounts: false })),
    action: 'SCMP_ACT_ERRNO',
    errnoRet: 1,
  });
  expect(answer('keyctl', [])).toBe('errno 1');
  expect(answer('clone3', [])).toBe('errno 38');
  expect(answer('mount', [])).toBe('errno 1');
  expect(answer('mount', [0n, 0n, 0n, 0x1000n], true)).toBe('allow');
  expect(answer('mount', [0n, 0n, 0n, 0n], true)).toBe('default');
  expect(answer('fsopen', [], true)).toBe('errno 38');
});
