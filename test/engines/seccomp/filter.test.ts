import { describe, expect, test } from 'vitest';
import type { HostPlatformName } from '../../../src/base/platform.ts';
import { type Code, encode, finish, ifEqual, loading } from '../../../src/engines/seccomp/bpf.ts';
import { filterCode } from '../../../src/engines/seccomp/filter.ts';
import { policyFor, refusedBy } from '../../../src/engines/seccomp/policy.ts';
import { syscallNames, syscallNumbers } from '../../../src/engines/seccomp/syscalls.ts';

const machines = { 'linux/amd64': 0xc000003e, 'linux/arm64': 0xc00000b7 } as const;
const answers: Readonly<Record<number, string>> = {
  2147418112: 'allow',
  2147483648: 'kill',
  327681: 'EPERM',
  327718: 'ENOSYS',
};

/** Runs encoded instructions over a struct seccomp_data, as seccomp(2) and linux/filter.h say. */
function interpret(program: Buffer, data: Buffer): string {
  let word = 0;
  for (let at = 0; at < program.length; at += 8) {
    const operation = program.readUInt16LE(at);
    const operand = program.readUInt32LE(at + 4);
    const skip = (holds: boolean) => program.readUInt8(at + (holds ? 2 : 3)) * 8;
    if (operation === 0x20) word = data.readUInt32LE(operand);
    else if (operation === 0x54) word = (word & operand) >>> 0;
    else if (operation === 0x15) at += skip(word === operand);
    else if (operation === 0x35) at += skip(word >= operand);
    else if (operation === 0x05) at += operand * 8;
    else if (operation === 0x06) return answers[operand] ?? `unknown action ${operand}`;
    else throw new Error(`unknown instruction ${operation}`);
  }
  throw new Error('the end of the program was run over');
}

const programsOf = (platform: HostPlatformName) => ({
  plain: encode(filterCode(policyFor({ mounts: false }), platform)),
  mounting: encode(filterCode(policyFor({ mounts: true }), platform)),
});
const programs = {
  'linux/amd64': programsOf('linux/amd64'),
  'linux/arm64': programsOf('linux/arm64'),
};

interface Call {
  readonly arguments?: readonly (number | bigint)[];
  readonly machine?: number;
  readonly mounts?: boolean;
}

function ask(platform: HostPlatformName, call: string | number, more: Call = {}): string {
  const data = Buffer.alloc(64);
  const number = typeof call === 'number' ? call : syscallNumbers(platform).get(call);
  if (number === undefined) throw new Error(`${platform} has no ${call}`);
  data.writeUInt32LE(number);
  data.writeUInt32LE(more.machine ?? machines[platform], 4);
  for (const [at, each] of (more.arguments ?? []).entries()) {
    data.writeBigUInt64LE(BigInt(each), 16 + 8 * at);
  }
  return interpret(programs[platform][more.mounts ? 'mounting' : 'plain'], data);
}

describe.each(['linux/amd64', 'linux/arm64'] as const)('the filter of %s', (platform) => {
  const withArguments = (name: string, ...given: (number | bigint)[]) =>
    ask(platform, name, { arguments: given });

  test('gives every system call of the machine the answer that the policy names', () => {
    for (const mounts of [false, true]) {
      const policy = policyFor({ mounts });
      const conditional = new Set(policy.conditions.map(({ name }) => name));
      for (const [name] of syscallNumbers(platform)) {
        if (conditional.has(name)) continue;
        const absent = policy.absent.has(name) ? 'ENOSYS' : 'EPERM';
        const expected = policy.allowed.has(name) ? 'allow' : absent;
        expect([name, ask(platform, name, { mounts })]).toEqual([name, expected]);
      }
    }
  });

  test('lets a socket be made in four families only, whatever the high half of the argument', () => {
    for (const name of ['socket', 'socketpair']) {
      const made = Array.from({ length: 64 }, (_, family) => family).filter(
        (family) => withArguments(name, family) === 'allow',
      );
      expect(made).toEqual([1, 2, 10, 16]);
    }
    expect(withArguments('socket', 0x100000028n)).toBe('EPERM');
    expect(withArguments('socket', 0x100000002n)).toBe('allow');
  });

  test('refuses to type into a terminal and to paste into a console, high bits or none', () => {
    for (const request of [0x5412n, 0x541cn]) {
      for (const high of [0n, 1n << 32n, 0xdeadn << 32n, 0xffffffffn << 32n]) {
        expect(withArguments('ioctl', 1, high | request)).toBe('EPERM');
      }
    }
    for (const request of [0x5401, 0x5411, 0x5413, 0x5410, 0x541b, 0x541d, 0xc0045412]) {
      expect(withArguments('ioctl', 1, request)).toBe('allow');
    }
  });

  test('lets threads and processes be made, and no namespaces', () => {
    const thread = 0x003d0f00;
    expect(withArguments('clone', thread)).toBe('allow');
    expect(withArguments('clone', 17)).toBe('allow');
    for (let bit = 0; bit < 32; bit += 1) {
      const flag = 2 ** bit;
      const isNamespace = [17, 25, 26, 27, 28, 29, 30].includes(bit);
      expect(withArguments('clone', flag + 17 - (flag & 17))).toBe(isNamespace ? 'EPERM' : 'allow');
      const forUnshare = isNamespace || bit === 7;
      expect(withArguments('unshare', flag)).toBe(forUnshare ? 'EPERM' : 'allow');
    }
    expect(ask(platform, 'clone3')).toBe('ENOSYS');
  });

  test('lets a program ask for its personality and take the plain ones', () => {
    const taken = [0, 8, 0x20000, 0x20008, 0xffffffff];
    for (const persona of taken) expect(withArguments('personality', persona)).toBe('allow');
    for (const persona of [0x40000, 0x400000, 0x440000, 6, 0x40008]) {
      expect(withArguments('personality', persona)).toBe('EPERM');
    }
  });

  test('lets a debugger trace what it starts, and nothing that runs already', () => {
    for (const request of [0, 1, 7, 0x4200]) {
      expect(withArguments('ptrace', request)).toBe('allow');
    }
    for (const request of [16, 0x4206, 0x100000010n]) {
      expect(withArguments('ptrace', request)).toBe('EPERM');
    }
  });

  test('lets a step that may mount bind what is there, in the older way, and nothing else', () => {
    const mount = (flags: number, mounts: boolean) =>
      ask(platform, 'mount', { mounts, arguments: [0, 0, 0, flags] });
    // MS_BIND, with MS_REC and with MS_REMOUNT; a new file system; MS_MOVE; MS_PRIVATE.
    for (const flags of [0x1000, 0x5000, 0x1020]) {
      expect([mount(flags, false), mount(flags, true)]).toEqual(['EPERM', 'allow']);
    }
    for (const flags of [0, 1, 0x2000, 0x40000]) expect(mount(flags, true)).toBe('EPERM');
    for (const name of ['open_tree', 'fsopen', 'move_mount', 'mount_setattr']) {
      expect(ask(platform, name)).toBe('EPERM');
      expect(ask(platform, name, { mounts: true })).toBe('ENOSYS');
    }
    expect(ask(platform, 'pivot_root', { mounts: true })).toBe('EPERM');
  });

  test('says of calls that are newer than it that there are none', () => {
    for (const number of [470, 500, 0x3fffffff]) expect(ask(platform, number)).toBe('ENOSYS');
  });

  test('kills whoever makes the calls of another machine', () => {
    // AUDIT_ARCH_I386, AUDIT_ARCH_ARM, and the other of the two.
    const others = [0x40000003, 0x40000028, ...Object.values(machines)];
    for (const machine of others.filter((each) => each !== machines[platform])) {
      expect(ask(platform, 'read', { machine })).toBe('kill');
    }
  });

  test('is short enough for the kernel (BPF_MAXINSNS)', () => {
    for (const mounts of [false, true]) {
      expect(filterCode(policyFor({ mounts }), platform).length).toBeLessThan(300);
    }
  });
});

test('the calls of x32 are killed, those that amd64 has not and those that it has', () => {
  for (const number of [0x40000000, 0x40000000 + 41, 0x40000000 + 39, 0x40000200, 0xffffffff]) {
    expect(ask('linux/amd64', number)).toBe('kill');
  }
});

test('every name of the policy is a system call, and what is refused is known by name', () => {
  const policy = policyFor({ mounts: true });
  const named = [...policy.allowed, ...policy.absent, ...policy.conditions.map(({ name }) => name)];
  expect(named.filter((name) => !syscallNames.includes(name))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  expect(refusedBy(policyFor({ mounts: false }))).toEqual(
    expect.arrayContaining([
      ...['add_key', 'bpf', 'init_module', 'io_uring_setup', 'kexec_load', 'keyctl', 'kcmp'],
      ...['mount', 'name_to_handle_at', 'open_by_handle_at', 'open_tree', 'perf_event_open'],
      ...['process_vm_readv', 'quotactl', 'reboot', 'request_key', 'setns', 'settimeofday'],
      ...['swapon', 'syslog', 'userfaultfd', 'pidfd_getfd', 'listmount', 'statmount'],
    ]),
  );
});

test('a branch that is longer than a jump can say goes there all the same', () => {
  const long = Array.from({ length: 300 }).reduce<Code>(
    (rest) => ifEqual(7, finish(0x00050001), rest),
    finish(0x7fff0000),
  );
  const program = encode(loading(0, ifEqual(1, finish(0x80000000), long)));
  const data = Buffer.alloc(64);
  const at = (number: number) => {
    data.writeUInt32LE(number);
    return interpret(program, data);
  };
  expect([at(1), at(7), at(0)]).toEqual(['kill', 'EPERM', 'allow']);
});
