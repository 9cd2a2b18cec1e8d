import { abi } from './abi.ts';
import { type DynamicTag, dynamicTags } from './dynamic.ts';
import { isLoadable, type ReadAt, readHeader } from './header.ts';
import { type Segment, segmentsOf } from './segments.ts';
import { hasStackCanary } from './stack-canary.ts';

/** Protections of a program or shared library that its ELF headers tell of. */
export interface Hardening {
  /** Loaded at any address (ET_DYN), so that an attacker does not know where its code is. */
  readonly pie: boolean;
  /** Relocated data is read-only once it is loaded (PT_GNU_RELRO); true with nothing to protect. */
  readonly relro: boolean;
  /** All symbols are bound at the start, so that RELRO covers them, too; true with nothing to bind. */
  readonly bindNow: boolean;
  /** The stack cannot be executed (PT_GNU_STACK without PF_X). */
  readonly nx: boolean;
  /** Some function has a canary on its stack; undefined where the file does not tell. */
  readonly stackCanary: boolean | undefined;
}

const bindsNow = (tags: readonly DynamicTag[]): boolean =>
  tags.length === 0 ||
  tags.some(
    ([tag, value]) =>
      tag === abi.dtBindNow ||
      (tag === abi.dtFlags && (value & abi.dfBindNow) !== 0) ||
      (tag === abi.dtFlags1 && value % 2 === abi.df1Now),
  );

const isReadOnlyAfterwards = (segments: readonly Segment[]): boolean =>
  segments.some(({ type }) => type === abi.ptGnuRelro) ||
  !segments.some(({ type, flags }) => type === abi.ptLoad && (flags & abi.pfWritable) !== 0);

const hasPlainStack = (segments: readonly Segment[]): boolean =>
  segments.some(({ type, flags }) => type === abi.ptGnuStack && (flags & abi.pfExecutable) === 0);

/**
 * Reads a file's protections; undefined for what is no ELF program or shared library. Errors:
 * BUILD_OUTPUT when it is one, but not whole, or could be read in two ways; IO.
 */
export async function readHardening(readAt: ReadAt): Promise<Hardening | undefined> {
  const header = await readHeader(readAt);
  if (header === undefined || !isLoadable(header)) return undefined;
  const segments = await segmentsOf(readAt, header);
  const tags = await dynamicTags(readAt, header, segments);
  return {
    pie: header.type === abi.etDyn,
    relro: isReadOnlyAfterwards(segments),
    bindNow: bindsNow(tags),
    nx: hasPlainStack(segments),
    stackCanary: await hasStackCanary(readAt, { header, segments, tags }),
  };
}
