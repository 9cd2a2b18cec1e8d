import type { ByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import { shown } from '../names.ts';

/** A place in an archive. */
export interface Where {
  /** Names the archive for people, for instance `data.tar of musl_1.2.5-3_amd64.deb`. */
  readonly source: string;
  /** Byte offset in the uncompressed archive. */
  readonly offset: number;
  readonly name?: ByteString;
}

/** Refuses an archive as a whole; `problem` continues a sentence whose subject is the archive. */
export function refuseWhole(source: string, problem: string): never {
  throw new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `${source} ${problem}.`,
    hint: 'Fetch or make the archive again; mkbase takes none that is damaged or that two tools could read in two ways.',
  });
}

/** Refuses an archive; `problem` continues a sentence whose subject is the member. */
export function refuse({ source, offset, name }: Where, problem: string): never {
  const member = name === undefined ? 'the member' : `the member ${shown(name)}`;
  return refuseWhole(`${source}:`, `${member} at byte ${offset} ${problem}`);
}
