import type { HostPlatformName } from '../../base/platform.ts';
import { type Code, finish, ifAmong, ifAtLeast, ifEqual, loading, masking } from './bpf.ts';
import type { Condition, Policy } from './policy.ts';
import { syscallNumbers } from './syscalls.ts';

// Offsets in struct seccomp_data, and actions (linux/seccomp.h); errors are errno(3)'s.
const numberOffset = 0;
const machineOffset = 4;
const argumentOffset = (argument: number) => 16 + 8 * argument;
const allow = finish(0x7fff0000);
const kill = finish(0x80000000);
const refuse = finish(0x00050000 + 1);
const lack = finish(0x00050000 + 38);

/** AUDIT_ARCH_* (linux/audit.h). */
const machines: Readonly<Record<HostPlatformName, number>> = {
  'linux/amd64': 0xc000003e,
  'linux/arm64': 0xc00000b7,
};

/** The bit that marks the calls of x32 in the machine's own table (x86's asm/unistd.h). */
const x32 = 0x40000000;

function conditionCode({ argument, test }: Condition): Code {
  const checked = () => {
    if ('oneOf' in test) return ifAmong(test.oneOf, allow, refuse);
    if ('noneOf' in test) return ifAmong(test.noneOf, refuse, allow);
    if ('set' in test) return masking(test.set, ifEqual(test.set, allow, refuse));
    return masking(test.clear, ifEqual(0, allow, refuse));
  };
  return loading(argumentOffset(argument), checked());
}

/** Consecutive system calls with one answer. */
interface Range {
  readonly first: number;
  readonly code: Code;
}

/** Cuts the numbers from 0 on into ranges; the last one has no end. */
function rangesOf(policy: Policy, platform: HostPlatformName): Range[] {
  const numbers = syscallNumbers(platform);
  const known = new Map([...numbers].map(([name, number]) => [number, name]));
  const conditions = new Map(policy.conditions.map((each) => [each.name, conditionCode(each)]));
  const answer = (name: string | undefined): Code => {
    if (name !== undefined && policy.allowed.has(name)) return allow;
    if (name !== undefined && policy.absent.has(name)) return lack;
    return conditions.get(name ?? '') ?? refuse;
  };
  const beyond = Math.max(...known.keys()) + 1;
  const answers = Array.from({ length: beyond }, (_, number) => answer(known.get(number)));
  return [...answers, lack]
    .map((code, first) => ({ first, code }))
    .filter(({ code }, at) => code !== answers[at - 1]);
}

/** Searches the ranges by halves: eight comparisons at most. */
function search(ranges: readonly Range[]): Code {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined) return only.code;
  const middle = ranges.length >> 1;
  const { first = 0 } = ranges[middle] ?? {};
  return ifAtLeast(first, search(ranges.slice(middle)), search(ranges.slice(0, middle)));
}

/**
 * Compiles a policy for the machine's own system calls; whoever makes another machine's is killed,
 * as by libseccomp. The kernel works out beforehand which numbers are always allowed (since Linux
 * 5.11), and runs the filter for the others only.
 */
export function filterCode(policy: Policy, platform: HostPlatformName): Code {
  const own = search(rangesOf(policy, platform));
  const numbered = platform === 'linux/amd64' ? ifAtLeast(x32, kill, own) : own;
  return loading(machineOffset, ifEqual(machines[platform], loading(numberOffset, numbered), kill));
}
