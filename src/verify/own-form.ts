import { differences } from '../base/json-differences.ts';
import { mediaTypes } from '../oci/blob.ts';
import { dockerManifest, layoutFiles } from '../outputs/oci/layout.ts';
import { readContent } from '../tar/content.ts';
import type { Mismatch } from './check.ts';
import type { FoundImage } from './found-image.ts';
import { checkFraming } from './framing.ts';
import { checkMembers, isOwn } from './members.ts';
import { ownImage, ownNames } from './own-image.ts';
import type { Parts } from './parts.ts';

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A small file, held against the only bytes that mkbase writes there. */
async function checkText(
  name: string,
  found: Buffer | undefined,
  expected: Uint8Array,
): Promise<Mismatch[]> {
  if (found?.equals(expected)) return [];
  if (found === undefined) {
    return [{ file: name, field: '', claimed: 'nothing', computed: 'a file' }];
  }
  const value = parsed(found);
  const fields = value === undefined ? [] : differences(value, parsed(expected));
  if (fields.length > 0) return fields.map((each) => ({ file: name, ...each }));
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  const field = `byte ${at < 0 ? Math.min(found.length, expected.length) : at}`;
  return [{ file: name, field, claimed: 'another form', computed: 'the one form of this JSON' }];
}

/** Whether mkbase wrote a layout folder: skopeo and umoci leave the index's media type out. */
async function isOwnFolder({ files }: Parts): Promise<boolean> {
  const index = files.get('index.json');
  return index !== undefined && (await readContent(index)).includes(`"${mediaTypes.index}"`);
}

/**
 * What an archive or layout folder holds around the image: its names, its members, and every byte of
 * the tar itself. Undefined for what another tool wrote, whose form is its own.
 */
export async function checkOwnForm(
  file: string,
  path: string,
  parts: Parts,
  found: FoundImage,
  signal: AbortSignal,
): Promise<Mismatch[] | undefined> {
  const image = await ownImage(found, parts);
  if (image === undefined) return undefined;
  const { entries } = parts;
  const own = entries ? isOwn(entries, image.created) : await isOwnFolder(parts);
  if (!own) return undefined;
  const names = await ownNames(parts);
  const texts = new Map([
    ...layoutFiles(image, names),
    ...(entries ? dockerManifest(image, names) : []),
  ]);
  const mismatches: Mismatch[] = [];
  for (const [name, expected] of texts) {
    const part = parts.files.get(name);
    const bytes = part && (await readContent(part));
    mismatches.push(...(await checkText(`${file}: ${name}`, bytes, expected)));
  }
  if (entries === undefined) return mismatches;
  mismatches.push(...checkMembers(file, entries, image, [...texts.keys()]));
  mismatches.push(...(await checkFraming(file, path, entries, signal)));
  return mismatches;
}
