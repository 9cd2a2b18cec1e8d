import type { ByteString } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import { abi } from '../elf/abi.ts';
import { type Hardening, readHardening } from '../elf/hardening.ts';
import { contentReader } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';
import type { Violation } from './finding.ts';

/** A program or shared library of a rootfs, and its protections. */
export type ElfFile =
  | { readonly path: ByteString; readonly hardening: Hardening }
  | { readonly path: ByteString; readonly problem: string };

/** Returns the violation of an ELF file whose headers contradict themselves. */
export const elfProblem = (path: string, problem: string): Violation => ({
  kind: 'path',
  subject: path,
  message: `${path} cannot be looked at: ${problem}`,
  remedy: 'Leave it out with "slim", or name it under "allow" with the reason.',
});

/**
 * Reads the protections of every program and shared library of a rootfs, without further names of one.
 * Reads one after another, in flat memory. Errors: IO.
 */
export async function elfFiles(entries: readonly Entry[]): Promise<ElfFile[]> {
  const reader = contentReader();
  const found: ElfFile[] = [];
  try {
    for (const entry of entries) {
      if (entry.type !== 'file' || entry.size < abi.magic.length) continue;
      const { path, content, size } = entry;
      const readAt = async (offset: number, length: number) => {
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
        await reader.fill(content, offset, bytes);
        return bytes;
      };
      const hardening = await readHardening(readAt).catch((error: unknown) => {
        if (error instanceof MkbaseError && error.code === 'BUILD_OUTPUT') return error.message;
        throw error;
      });
      if (typeof hardening === 'string') found.push({ path, problem: hardening });
      else if (hardening !== undefined) found.push({ path, hardening });
    }
  } finally {
    reader.close();
  }
  return found;
}
