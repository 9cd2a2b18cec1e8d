import type { ByteString } from '../base/byte-string.ts';

/** The bytes of a regular file: in memory, or a range of a file on disk. */
export type Content =
  | { readonly bytes: Uint8Array }
  | { readonly file: string; readonly offset: number; readonly size: number };

interface Common {
  /** Relative, bytes, no leading or trailing slash, no empty, "." or ".." part. */
  readonly path: ByteString;
  /** Permission, setuid, setgid and sticky bits: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  /** Name (`security.capability`, not `SCHILY.xattr.…`) and value, sorted by name. */
  readonly xattrs: readonly (readonly [name: ByteString, value: ByteString])[];
}

/** One file system object of a rootfs. */
export type Entry =
  | (Common & { readonly type: 'file'; readonly size: number; readonly content: Content })
  | (Common & { readonly type: 'directory' | 'fifo' })
  | (Common & { readonly type: 'symlink'; readonly target: ByteString })
  /** `target` is the path, in the same form as `path`, of the entry it is another name of. */
  | (Common & { readonly type: 'hardlink'; readonly target: ByteString })
  | (Common & {
      readonly type: 'character' | 'block';
      readonly major: number;
      readonly minor: number;
    });
