import type { Entry } from '../tar/entry.ts';

/** A finished root filesystem: its canonical tar on disk, and what is in it. */
export interface Rootfs {
  /** sha256 of the uncompressed tar as `sha256:<hex>`; the layer's diffID (OCI image spec). */
  readonly diffId: string;
  /** Length of the tar in bytes. */
  readonly size: number;
  /** Absolute path of the tar. */
  readonly tar: string;
  readonly entries: readonly Entry[];
}
