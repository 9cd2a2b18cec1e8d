/**
 * Classic BPF as seccomp(2) takes it: the few instructions that a filter needs, and branches that
 * are measured by themselves. Every branch leads forward, so the code of a whole is the code of its
 * parts one after another.
 */
export interface Instruction {
  readonly code: number;
  /** Instructions to skip when the comparison holds, and when it does not. */
  readonly yes: number;
  readonly no: number;
  readonly operand: number;
}

/** Instructions none of which is fallen out of at the end. */
export type Code = readonly Instruction[];

// BPF_LD|BPF_W|BPF_ABS, BPF_ALU|BPF_AND|BPF_K, BPF_JMP|BPF_JEQ|BPF_K, |BPF_JGE|, BPF_JA, BPF_RET|BPF_K
// (linux/bpf_common.h).
const load = 0x20;
const and = 0x54;
const isEqual = 0x15;
const isAtLeast = 0x35;
const jump = 0x05;
const end = 0x06;

const plain = (code: number, operand: number): Instruction => ({ code, yes: 0, no: 0, operand });

/** Ends the filter with an action (linux/seccomp.h, SECCOMP_RET_*). */
export const finish = (action: number): Code => [plain(end, action)];

/** Loads the word at an offset of struct seccomp_data, then goes on. */
export const loading = (offset: number, rest: Code): Code => [plain(load, offset), ...rest];

/** Keeps some bits of the loaded word, then goes on. */
export const masking = (mask: number, rest: Code): Code => [plain(and, mask), ...rest];

const farthest = 255;

/** The shorter jump cannot leave out more than 255 instructions; one more makes the longer. */
function branch(code: number, operand: number, yes: Code, no: Code): Code {
  if (no.length <= farthest) return [{ code, yes: no.length, no: 0, operand }, ...no, ...yes];
  return [{ code, yes: 0, no: 1, operand }, plain(jump, no.length), ...no, ...yes];
}

/** Goes on with `yes` when the loaded word is that number. */
export const ifEqual = (number: number, yes: Code, no: Code): Code =>
  branch(isEqual, number, yes, no);

/** Goes on with `yes` when the loaded word is that number or a greater one. */
export const ifAtLeast = (number: number, yes: Code, no: Code): Code =>
  branch(isAtLeast, number, yes, no);

/** Goes on with `yes` when the loaded word is one of the numbers. */
export const ifAmong = (numbers: readonly number[], yes: Code, no: Code): Code =>
  numbers.reduceRight<Code>((rest, number) => ifEqual(number, yes, rest), no);

/** Encodes instructions as an array of struct sock_filter (linux/filter.h), little-endian. */
export function encode(code: Code): Buffer {
  const bytes = Buffer.alloc(code.length * 8);
  code.forEach(({ code: operation, yes, no, operand }, at) => {
    bytes.writeUInt16LE(operation, at * 8);
    bytes.writeUInt8(yes, at * 8 + 2);
    bytes.writeUInt8(no, at * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, at * 8 + 4);
  });
  return bytes;
}
