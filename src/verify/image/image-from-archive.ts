import { list, record, text } from '../../base/json.ts';
import { platformOfImage } from '../../base/platform.ts';
import type { Image } from '../../image/image.ts';
import { parseReference, type Reference } from '../../image/reference.ts';
import type { ArchiveFiles, FilePart } from '../../oci/archive-files.ts';
import { blobPath, mediaTypes } from '../../oci/blob.ts';
import { readContent } from '../../tar/content.ts';
import type { FoundImage } from './found-image.ts';

const blob = async (part: FilePart, mediaType: string) => ({
  mediaType,
  digest: part.sha256,
  bytes: await readContent(part),
});

/** Returns the image that was found as mkbase packages one; undefined for a form that mkbase never writes. */
export async function imageFromArchive(
  { config, configDigest, manifestDigest, layer, layers }: FoundImage,
  { files }: ArchiveFiles,
): Promise<Image | undefined> {
  const configPart = files.get(blobPath(configDigest ?? ''));
  const manifestPart = files.get(blobPath(manifestDigest ?? ''));
  if (!configPart || !manifestPart || !config || !layer || !layers) return undefined;
  const platform = platformOfImage(config)?.name;
  const created = Date.parse(text(config.created)) / 1000;
  if (platform === undefined || !Number.isSafeInteger(created)) return undefined;
  return {
    rootfs: { diffId: layer.diffId, size: layer.size, tar: '', entries: [] },
    layers: layers.map(({ part, diffId, size }) => ({ diffId, size, tar: part.file })),
    platform,
    created,
    comment: '',
    settings: {},
    config: await blob(configPart, mediaTypes.config),
    manifest: await blob(manifestPart, mediaTypes.manifest),
  };
}

/** Parses a small file of the archive as JSON; undefined when it is none. */
async function jsonIn({ files }: ArchiveFiles, path: string): Promise<unknown> {
  const part = files.get(path);
  if (part === undefined) return undefined;
  try {
    return JSON.parse((await readContent(part)).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Returns the texts that are references. */
const references = (texts: readonly unknown[]): Reference[] =>
  texts.flatMap((name) => {
    try {
      return [parseReference(text(name))];
    } catch {
      return [];
    }
  });

/** Returns the image's names from `manifest.json`, or from the index where there is none. */
export async function namesInArchive(archive: ArchiveFiles): Promise<Reference[]> {
  if (archive.files.has('manifest.json')) {
    const [entry] = list(await jsonIn(archive, 'manifest.json'));
    return references(list(record(entry).RepoTags));
  }
  const index = await jsonIn(archive, 'index.json');
  const annotations = list(record(index).manifests).map((each) => record(record(each).annotations));
  return references(annotations.map((each) => each['io.containerd.image.name'] ?? ''));
}
