import { type HostPlatformName, hostPlatform, platforms } from '../../base/platform.ts';
import { encode } from '../seccomp/bpf.ts';
import { filterCode } from '../seccomp/filter.ts';
import type { Policy } from '../seccomp/policy.ts';
import { faultMark } from './scripts.ts';

/**
 * A static program of two kilobytes that puts a program behind a filter of system calls, with an
 * empty session keyring (session-keyring(7)). It is written here, instruction by instruction, since
 * nothing on every host can do this: setpriv(1) has an option for it only from util-linux 2.41 on,
 * the hosts have no compiler, and a compiled one would be a binary file that nobody can read.
 *
 * Its argument vector is its own name, the program, and the program's arguments. In C:
 *
 *     long made = keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL);
 *     if (made < 0 && made != -ENOSYS && made != -EPERM) goto fail;
 *     if (seccomp(SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) goto fail;
 *     execve(argv[1], argv + 1, environ);
 *     fail: write(2, message); exit_group(125);
 *
 * A system without keyrings, or one that keeps them from mkbase itself, keeps them from the program.
 * The filter needs no_new_privs or CAP_SYS_ADMIN (seccomp(2)). For a kernel that has none, the check
 * of seccomp's result is left out.
 */
const message = Buffer.from(`${faultMark}cannot put the program behind a filter of system calls\n`);
const faultCode = 125;

/** Above vm.mmap_min_addr of every system, and a multiple of every size of a page. */
const base = 0x400000;
const headers = 64 + 56;

/** Addresses that the code needs. */
interface Addresses {
  readonly filter: number;
  readonly message: number;
  /** Without the filter nothing is started. */
  readonly required: boolean;
}

const little = (value: number, size: 1 | 4): number[] =>
  Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 0xff);

/** System call numbers as asm/unistd_64.h has them; arguments in edi, esi and edx (AMD64 ABI). */
function amd64({ filter, message: text, required }: Addresses): Buffer {
  const eax = (value: number) => [0xb8, ...little(value, 4)];
  const edi = (value: number) => [0xbf, ...little(value, 4)];
  const esi = (value: number) => [0xbe, ...little(value, 4)];
  const edx = (value: number) => [0xba, ...little(value, 4)];
  const syscall = [0x0f, 0x05];
  const exec = [
    ...[0x48, 0x8b, 0x7c, 0x24, 0x10], // mov rdi, [rsp + 16]
    ...[0x48, 0x8d, 0x74, 0x24, 0x10], // lea rsi, [rsp + 16]
    ...[0x48, 0x8b, 0x04, 0x24], // mov rax, [rsp]
    ...[0x48, 0x8d, 0x54, 0xc4, 0x10], // lea rdx, [rsp + rax * 8 + 16]
    ...[...eax(59), ...syscall],
  ];
  const install = [...eax(317), ...edi(1), ...esi(0), ...edx(filter), ...syscall];
  const check = [
    ...[0x85, 0xc0], // test eax, eax
    ...[0x75, exec.length], // jne fail
  ];
  const installed = required ? check : [];
  const toFail = install.length + installed.length + exec.length;
  return Buffer.from([
    ...[...eax(250), ...edi(1), ...esi(0), ...syscall],
    ...[0x85, 0xc0], // test eax, eax
    ...[0x79, 0x0a], // jns install
    ...[0x83, 0xf8, 0xda], // cmp eax, -ENOSYS
    ...[0x74, 0x05], // je install
    ...[0x83, 0xf8, 0xff], // cmp eax, -EPERM
    ...[0x75, toFail], // jne fail
    ...[...install, ...installed, ...exec],
    ...[...eax(1), ...edi(2), ...esi(text), ...edx(message.length), ...syscall],
    ...[...eax(231), ...edi(faultCode), ...syscall],
  ]);
}

/** System call numbers as asm-generic/unistd.h has them, in x8; instructions of four bytes. */
function arm64({ filter, message: text, required }: Addresses): Buffer {
  const put = (register: number, value: number) => [
    (0xd2800000 | ((value & 0xffff) << 5) | register) >>> 0, // movz
    (0xf2a00000 | ((value >>> 16) << 5) | register) >>> 0, // movk, lsl 16
  ];
  const call = (number: number) => [...put(8, number), 0xd4000001]; // svc 0
  const skip = (words: number) => (words + 1) << 5;
  const exec = [
    0xf9400be0, // ldr x0, [sp, 16]
    0x910043e1, // add x1, sp, 16
    0xf94003e2, // ldr x2, [sp]
    0x8b020c22, // add x2, x1, x2, lsl 3
    ...call(221),
  ];
  const install = [...put(0, 1), ...put(1, 0), ...put(2, filter), ...call(277)];
  const installed = required ? [(0xb5000000 | skip(exec.length)) >>> 0] : []; // cbnz x0, fail
  const toFail = install.length + installed.length + exec.length;
  const words = [
    ...[...put(0, 1), ...put(1, 0), ...call(219)],
    (0xb6f80000 | skip(4)) >>> 0, // tbz x0, 63, install
    0xb100981f, // cmn x0, ENOSYS
    (0x54000000 | skip(2)) >>> 0, // b.eq install
    0xb100041f, // cmn x0, EPERM
    (0x54000001 | skip(toFail)) >>> 0, // b.ne fail
    ...[...install, ...installed, ...exec],
    ...[...put(0, 2), ...put(1, text), ...put(2, message.length), ...call(64)],
    ...[...put(0, faultCode), ...call(94)],
  ];
  return Buffer.from(words.flatMap((word) => little(word, 4)));
}

const machines: Readonly<Record<HostPlatformName, (addresses: Addresses) => Buffer>> = {
  'linux/amd64': amd64,
  'linux/arm64': arm64,
};

/** ELF header and one program header (elf(5)): everything is read and run, nothing written. */
function header(platform: HostPlatformName, size: number): Buffer {
  const bytes = Buffer.alloc(headers);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(2, 16); // ET_EXEC
  bytes.writeUInt16LE(platforms[platform].elf.machine, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(base + headers, 24); // entry
  bytes.writeUInt32LE(64, 32); // offset of the program header
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64); // PT_LOAD
  bytes.writeUInt32LE(5, 68); // PF_R | PF_X
  bytes.writeUInt32LE(base, 80);
  bytes.writeUInt32LE(base, 88);
  bytes.writeUInt32LE(size, 96);
  bytes.writeUInt32LE(size, 104);
  bytes.writeUInt32LE(0x10000, 112);
  return bytes;
}

const roundUp = (size: number) => Math.ceil(size / 8) * 8;

/**
 * Makes the launcher of a machine around a filter, an array of struct sock_filter. One that is not
 * `required` starts the program without it where the kernel has no filters.
 */
export function launcher(filter: Buffer, platform: HostPlatformName, required = true): Buffer {
  const code = machines[platform];
  const codeSize = roundUp(code({ filter: 0, message: 0, required }).length);
  const program = headers + codeSize; // struct sock_fprog (seccomp(2))
  const text = program + 16 + filter.length;
  const bytes = Buffer.alloc(text + message.length);
  bytes.set(header(platform, bytes.length));
  bytes.set(code({ filter: base + program, message: base + text, required }), headers);
  bytes.writeUInt16LE(filter.length / 8, program);
  bytes.writeUInt32LE(base + program + 16, program + 8);
  bytes.set(filter, program + 16);
  bytes.set(message, text);
  return bytes;
}

/**
 * Writes this machine's launcher for a policy as a format of printf(1). The program of an emulated
 * image is the emulator, whose system calls are the machine's, too.
 */
export function launcherFormat(policy: Policy, required: boolean): string {
  const { name } = hostPlatform();
  const bytes = launcher(encode(filterCode(policy, name)), name, required);
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
