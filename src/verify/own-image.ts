import { isRecord } from '../base/json.ts';
import { platformNames, platforms } from '../base/platform.ts';
import type { Image } from '../image/image.ts';
import { parseReference, type Reference } from '../image/reference.ts';
import { blobPath, mediaTypes } from '../oci/blob.ts';
import type { FilePart } from '../oci/read-layout.ts';
import { readContent } from '../tar/content.ts';
import type { FoundImage } from './found-image.ts';
import type { Parts } from './parts.ts';

const blob = async (part: FilePart, mediaType: string) => ({
  mediaType,
  digest: part.sha256,
  bytes: await readContent(part),
});

/** What was found as mkbase packages it; undefined for what mkbase never does. */
export async function ownImage(
  { config, configDigest, manifestDigest, layer }: FoundImage,
  { files }: Parts,
): Promise<Image | undefined> {
  const configPart = files.get(blobPath(configDigest ?? ''));
  const manifestPart = files.get(blobPath(manifestDigest ?? ''));
  if (!configPart || !manifestPart || !config || !layer) return undefined;
  const { architecture } = config;
  const platform = platformNames.find((name) => platforms[name].ociArchitecture === architecture);
  const created = Date.parse(String(config.created)) / 1000;
  if (platform === undefined || !Number.isSafeInteger(created)) return undefined;
  return {
    rootfs: { diffId: layer.diffId, size: layer.size, tar: layer.part.file, entries: [] },
    platform,
    created,
    comment: '',
    settings: {},
    config: await blob(configPart, mediaTypes.config),
    manifest: await blob(manifestPart, mediaTypes.manifest),
  };
}

/** A small file of the archive as JSON; undefined when it is none. */
async function jsonIn({ files }: Parts, path: string): Promise<unknown> {
  const part = files.get(path);
  if (part === undefined) return undefined;
  try {
    return JSON.parse((await readContent(part)).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Those of the texts that are references. */
const references = (texts: readonly unknown[]): Reference[] =>
  texts.flatMap((text) => {
    try {
      return [parseReference(String(text))];
    } catch {
      return [];
    }
  });

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The image's names: as `manifest.json` has them, and where there is none, as the index does. */
export async function ownNames(parts: Parts): Promise<Reference[]> {
  if (parts.files.has('manifest.json')) {
    const [entry] = list(await jsonIn(parts, 'manifest.json'));
    return references(list(isRecord(entry) ? entry.RepoTags : undefined));
  }
  const index = await jsonIn(parts, 'index.json');
  const annotations = list(isRecord(index) ? index.manifests : undefined).map((each) =>
    isRecord(each) && isRecord(each.annotations) ? each.annotations : {},
  );
  return references(annotations.map((each) => each['io.containerd.image.name'] ?? ''));
}
