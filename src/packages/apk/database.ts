import { type ByteString, fromByteString } from '../../base/byte-string.ts';
import type { RootfsView } from '../../rootfs/view.ts';
import type { Claim, Expected } from '../claim.ts';
import type { InstalledPackage, PackageRecord } from '../contract.ts';
import { family } from './apk-inputs.ts';

/**
 * Paths of apk's database: apk-tools 2 keeps it at the first, and version 3 at the second once /lib is a
 * link.
 */
const places = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

/**
 * Reads `Q1` and the base64 of a sha1, or `Q2` and that of a sha256; a link's covers its target
 * (apk-v2(5)).
 */
function expectedOf(checksum: string | undefined): Expected {
  const [, form, base64 = ''] = /^Q([12])([A-Za-z0-9+/]+=*)$/.exec(checksum ?? '') ?? [];
  if (form === undefined) return { type: 'name' };
  const algorithm = form === '1' ? 'sha1' : 'sha256';
  return { type: 'file', algorithm, digest: Buffer.from(base64, 'base64').toString('hex') };
}

/** Reads a stanza: the package's own fields, and the path and checksum of each of its files. */
function parseStanza(text: ByteString) {
  const fields = new Map<string, string>();
  const files: { path: ByteString; checksum?: string }[] = [];
  let folder = '';
  for (const line of text.split('\n')) {
    const [, letter = '', value = ''] = /^([A-Za-z]):(.*)$/.exec(line) ?? [];
    const last = files.at(-1);
    if (letter === 'F') folder = value;
    else if (letter === 'R') files.push({ path: folder === '' ? value : `${folder}/${value}` });
    else if (letter === 'Z' && last !== undefined) last.checksum = value;
    else if (!fields.has(letter)) fields.set(letter, fromByteString(value));
  }
  return { fields, files };
}

function recordOf(fields: ReadonlyMap<string, string>): PackageRecord | undefined {
  const name = fields.get('P');
  const version = fields.get('V');
  if (!name || !version) return undefined;
  return {
    kind: family,
    name,
    version,
    architecture: fields.get('A') ?? 'noarch',
    // All packages of a source have the source's version.
    source: { name: fields.get('o') || name, version },
    maintainer: fields.get('m'),
    homepage: fields.get('U'),
    licence: fields.get('L'),
  };
}

/** Reads from apk's database in a rootfs which packages own which paths; undefined without a database. */
export async function readApkDatabase(view: RootfsView): Promise<InstalledPackage[] | undefined> {
  for (const place of places) {
    const text = await view.readBytes(place);
    if (text === undefined) continue;
    return text.split(/\n{2,}/).flatMap((stanza): InstalledPackage[] => {
      const { fields, files } = parseStanza(stanza);
      const record = recordOf(fields);
      if (record === undefined) return [];
      const claims = (component: string): Claim[] =>
        files.map(({ path, checksum }) => ({ component, path, expected: expectedOf(checksum) }));
      return [{ record, claims }];
    });
  }
  return undefined;
}
