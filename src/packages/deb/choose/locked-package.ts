import { type Candidate, required } from '../index/candidate.ts';
import { sourceOf } from '../index/paragraph.ts';
import type { LockedPackage } from '../locked-debs.ts';

/** Pins a chosen package. Throws SyntaxError for a stanza whose name, size, hash or path is missing or malformed. */
export function lockedPackage({
  name,
  version,
  architecture,
  suite,
  fields,
}: Candidate): LockedPackage {
  const size = required(fields, 'Size');
  const sha256 = required(fields, 'SHA256');
  const filename = required(fields, 'Filename');
  // Debian Policy 5.6.1; unpacked packages lie in files of that name.
  if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name)) throw new SyntaxError(`it names a package ${name}`);
  if (!/^\d{1,15}$/.test(size)) throw new SyntaxError(`${name} has the Size ${size}`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new SyntaxError(`${name} has the SHA256 ${sha256}`);
  if (filename.startsWith('/') || filename.split('/').includes('..')) {
    throw new SyntaxError(`${name} has the Filename ${filename}`);
  }
  const source = sourceOf(fields.get('source'), name, version);
  return {
    name,
    version,
    architecture,
    source: source.name,
    sourceVersion: source.version,
    suite,
    filename,
    size: Number(size),
    sha256,
  };
}
