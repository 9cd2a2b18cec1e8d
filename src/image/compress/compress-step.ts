import { MkbaseError } from '../../base/errors.ts';
import { sha256OfStream } from '../../base/hash.ts';
import { record, text } from '../../base/json.ts';
import { type FilePart, passingBytesOf } from '../../oci/archive-files.ts';
import { buildLimits } from '../../steps/tree-step.ts';
import { builderShell } from '../../steps/visitor.ts';
import type { MadeTree, Work } from '../../steps/work.ts';
import type { Entry } from '../../tar/entry.ts';
import { checkedBytes, checkTar } from '../layer.ts';
import type { PackedForm } from './compressions.ts';

/**
 * The programs, with the number of threads that each has on any machine: the bytes hang on there being several.
 * None writes a time or a name; xz is given the size of its blocks, which else hangs on its defaults.
 */
const programs: Readonly<Record<PackedForm, readonly [string, ...string[]]>> = {
  gzip: ['pigz', '-6', '--processes', '4', '--no-name', '--no-time', '--stdout'],
  zstd: ['zstd', '-6', '--threads=4', '--quiet', '--stdout'],
  xz: ['xz', '-6', '--threads=4', '--block-size=16MiB', '--stdout'],
};

/** Enough for 16 GiB with xz on one slow core. */
const seconds = 6 * 3600;

/** Bytes that come out at most: what cannot be compressed grows a little. */
const mostBytes = (size: number): number => size + Math.ceil(size / 50) + 1024 ** 2;

/** Returns where a step's one entry stands on disk. */
function placeOf([entry]: readonly Entry[]) {
  if (entry?.type === 'file' && 'file' in entry.content) return entry.content;
  throw new MkbaseError({ code: 'INTERNAL', message: 'A compressor left no file.' });
}

/**
 * Describes the work of compressing a tar: the same tar, builder and program give the same bytes. What comes out
 * is unpacked by mkbase's own code and compared with the tar; IMAGE_MISMATCH.
 */
export const compressWork = (
  tar: FilePart,
  compression: PackedForm,
  signal: AbortSignal,
): Work => ({
  does: 'compress',
  version: 1,
  step: {
    argv: programs[compression],
    env: {},
    limits: { ...buildLimits, seconds, outputBytes: mostBytes(tar.size) },
    capabilities: [],
  },
  shell: builderShell(['/build']),
  input: {
    digest: async () => tar.sha256.replace('sha256:', ''),
    bytes: async () => checkedBytes(tar),
  },
  sends: 'bytes',
  settledBy: { compression },
  output: `the output of ${programs[compression][0]}`,
  settle: async (entries) => {
    const place = placeOf(entries);
    const sha256 = `sha256:${await sha256OfStream(passingBytesOf(place, signal))}`;
    await checkTar({ ...place, sha256, compression, diffId: tar.sha256 }, signal);
    return { entries, facts: { sha256 } };
  },
});

/** Returns the compressed tar that such a work made. Errors: IO. */
export const compressedPart = async (made: MadeTree): Promise<FilePart> => ({
  ...placeOf(await made.entries()),
  sha256: text(record(made.facts).sha256),
});
