import { type Condition, type Policy, refusedBy } from './policy.ts';

/** Holds for a 32-bit number whose bits of `mask` are those of `value`. */
export interface Cube {
  readonly mask: number;
  readonly value: number;
}

const whole = 0xffffffff;

/**
 * Writes "none of these numbers" as the only form that libseccomp has for the low half of an
 * argument, a list of masks and values one of which must hold: for each bit from the top, the
 * numbers that part from all of the given ones there.
 */
export function cubesOutside(numbers: readonly number[], bit = 31, mask = 0, value = 0): Cube[] {
  if (numbers.length === 0) return [{ mask, value }];
  if (bit < 0) return [];
  const place = 2 ** bit;
  return [0, place].flatMap((digit) => {
    const inside = numbers.filter((number) => Math.floor(number / place) % 2 === digit / place);
    return cubesOutside(inside, bit - 1, mask + place, value + digit);
  });
}

function cubesOf({ test }: Condition): Cube[] {
  if ('oneOf' in test) return test.oneOf.map((value) => ({ mask: whole, value }));
  if ('noneOf' in test) return cubesOutside(test.noneOf);
  return 'set' in test ? [{ mask: test.set, value: test.set }] : [{ mask: test.clear, value: 0 }];
}

const permission = 1;
const notImplemented = 38;

const error = (names: readonly string[], errnoRet: number) => ({
  names,
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
});

const conditional = (condition: Condition) =>
  cubesOf(condition).map(({ mask, value }) => ({
    names: [condition.name],
    action: 'SCMP_ACT_ALLOW',
    args: [{ index: condition.argument, value: mask, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' }],
  }));

/**
 * Writes a policy as a profile for `--security-opt seccomp=` of docker and podman (docker's
 * documentation, "Seccomp security profiles for Docker"). A machine's other tables of system calls
 * are not named in it, and a program that uses one is killed.
 */
export function containerProfile(policy: Policy): string {
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    // A call newer than this list: programs then do without. Docker 20.10 knows the field not, and
    // its runtime does the same of its own accord.
    defaultErrnoRet: notImplemented,
    archMap: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'].map((architecture) => ({
      architecture,
      subArchitectures: [],
    })),
    syscalls: [
      { names: [...policy.allowed], action: 'SCMP_ACT_ALLOW' },
      ...policy.conditions.flatMap(conditional),
      error([...policy.absent], notImplemented),
      error(refusedBy(policy), permission),
    ],
  };
  return `${JSON.stringify(profile)}\n`;
}
