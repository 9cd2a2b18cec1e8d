import { tarStem } from '../tar/compression-names.ts';

/** Returns name and version of an archive by its file name: `lua5.4_5.4.7.orig.tar.xz`, `zlib-1.3.1.tar.gz`. */
export function nameAndVersion(file: string): { name: string; version?: string } {
  const stem = (tarStem(file) ?? file).replace(/\.orig$/, '');
  const [, name, version] = /^(.+?)[-_]v?(\d[A-Za-z0-9.+~_-]*)$/.exec(stem) ?? [];
  return name !== undefined && version !== undefined ? { name, version } : { name: stem };
}
