import type { ByteString } from '../../base/byte-string.ts';
import type { Entry } from '../../tar/entry.ts';

/** What a path can be once it is unpacked: a hard link is a file that has other names too. */
export type PathType = Exclude<Entry['type'], 'hardlink'>;

/** Everything that can be told of one path of a rootfs, but its bytes. */
export interface PathRecord {
  /** In the form of `Entry.path`. */
  readonly path: ByteString;
  readonly type: PathType;
  /** Permission, setuid, setgid and sticky bits: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  /** Of files: how many names it has, in bytes its size, and the sha256 of its bytes (hexadecimal). */
  readonly links?: number;
  readonly size?: number;
  readonly sha256?: string;
  /** Of symbolic links. */
  readonly target?: ByteString;
  /** Of devices. */
  readonly major?: number;
  readonly minor?: number;
  /** Name and value, sorted by name. */
  readonly xattrs: readonly (readonly [name: ByteString, value: ByteString])[];
}
