import type { ByteString } from '../../base/byte-string.ts';
import type { Entry } from '../../tar/entry.ts';

/** The type of an unpacked path: a hard link is a file that has further names. */
export type PathType = Exclude<Entry['type'], 'hardlink'>;

/** Everything about one path of a rootfs but its bytes. */
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
  /** Number of names of a file. */
  readonly links?: number;
  /** Size of a file in bytes. */
  readonly size?: number;
  /** sha256 of a file's bytes, hexadecimal. */
  readonly sha256?: string;
  /** Target of a symbolic link. */
  readonly target?: ByteString;
  /** Numbers of a device. */
  readonly major?: number;
  readonly minor?: number;
  /** Name and value of each extended attribute, sorted by name. */
  readonly xattrs: readonly (readonly [name: ByteString, value: ByteString])[];
}
