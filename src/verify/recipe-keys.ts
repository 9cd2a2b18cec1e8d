import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type JsonRecord, list, record, text } from '../base/json.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import { keyFile, type TrustDocument } from '../evidence/provenance/trust-chain.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Asked } from '../lock/prove.ts';
import type { Lock } from '../lock/schema.ts';
import { pathsOf } from '../recipe/kind.ts';
import type { KeyFolders } from './asked.ts';
import { hashFile } from './image/archive-files.ts';

/** The evidence in a folder. */
interface Evidence {
  readonly folder: string;
  readonly lock: Lock;
  readonly provenance: JsonRecord | undefined;
}

/** Returns the digests of the files beside the recipe that a provenance lists, by their names. */
function besideRecipe(provenance: JsonRecord | undefined): Map<string, string> {
  const { buildDefinition } = record(provenance?.predicate);
  const own = list(record(buildDefinition).resolvedDependencies)
    .map(record)
    .filter(({ annotations }) => record(annotations).role === 'beside-recipe');
  return new Map(own.map(({ name, digest }) => [text(name), text(record(digest).sha256)]));
}

/** Returns the paths of the keys that recipe and toolchain bring, as they name them. */
function wantedKeys({ lock }: Evidence, { image, builder }: Asked) {
  const { from, toolchain } = lock;
  const own = pathsOf(kindOf(from), image.source, 'key');
  const tools = toolchain && builder ? pathsOf(kindOf(toolchain.from), builder.source, 'key') : [];
  return [
    ...own.map((path) => ({ of: 'image' as const, path })),
    ...tools.map((path) => ({ of: 'builder' as const, path })),
  ];
}

/**
 * Lays the keys that recipe and toolchain bring, of which trust/ has copies, where they name them. Returns
 * the path of the first that is not there, or of the recipe's is another than the provenance lists.
 */
export async function layKeys(
  evidence: Evidence,
  { keys }: TrustDocument,
  asked: Asked,
  folders: KeyFolders,
  signal: AbortSignal,
): Promise<string | undefined> {
  const listed = besideRecipe(evidence.provenance);
  for (const { of, path } of wantedKeys(evidence, asked)) {
    const copy = keys.find((each) => each.of === of && each.path === path);
    const expected = of === 'image' ? listed.get(path) : copy?.sha256;
    if (copy === undefined || expected === undefined) return path;
    const file = join(evidence.folder, evidenceNames.trust, keyFile(path, copy.sha256));
    if ((await hashFile(file, signal)) !== expected) return path;
    const place = join(folders[of], path);
    await mkdir(dirname(place), { recursive: true });
    await copyFile(file, place);
  }
  return undefined;
}
