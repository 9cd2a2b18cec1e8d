import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import { type Blob, blobPath, describe, layoutMarker, mediaTypes } from '../oci/blob.ts';
import type { Artifact } from '../registry/artifact.ts';
import type { BlobSource, OnBytes } from '../registry/blobs.ts';
import { registryCorrupt } from '../registry/failure.ts';
import { writeNewFile } from '../store/write-whole-file.ts';
import type { CopyTarget } from './copy.ts';
import { refName } from './layout-content.ts';

/** Passes a blob's bytes on and checks them at their end. REGISTRY_CORRUPT. */
async function* checked({ digest, size, bytes }: BlobSource, onBytes: OnBytes) {
  const hash = createHash('sha256');
  let length = 0;
  const body = bytes();
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    hash.update(chunk);
    length += chunk.length;
    onBytes(chunk.length);
    yield chunk;
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found === digest && length === size) return;
  throw registryCorrupt(
    `Another blob came than was asked for.\n  expected ${digest}, ${size} bytes\n  received ${found}, ${length} bytes`,
  );
}

/**
 * Returns a new OCI image layout in an empty folder as a place to copy to. What is attached stands in its index,
 * too, without a name. Its files are the same for the same image.
 */
export async function layoutTarget(
  folder: string,
  tag: string,
  onBytes: OnBytes,
): Promise<CopyTarget> {
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  const attached: Artifact['listed'][] = [];
  const write = async (blob: BlobSource, signal: AbortSignal) => {
    const path = join(folder, blobPath(blob.digest));
    if (!existsSync(path)) await writeNewFile(path, checked(blob, onBytes), signal);
  };
  const writeBlob = ({ digest, bytes }: Blob, signal: AbortSignal) =>
    write({ digest, size: bytes.length, bytes: () => bytes }, signal);
  return {
    async push({ blobs, manifests }, _from, { signal }) {
      for (const blob of blobs) await write(blob, signal);
      for (const manifest of manifests) await writeBlob(manifest, signal);
    },
    async attach(_subject, artifacts, { signal }) {
      for (const { manifest, listed } of artifacts) {
        await writeBlob(manifest, signal);
        attached.push(listed);
      }
    },
    async tag(manifest, { signal }) {
      const named = { ...describe(manifest), annotations: { [refName]: tag } };
      const index = {
        schemaVersion: 2,
        mediaType: mediaTypes.index,
        manifests: [named, ...attached.sort((a, b) => (a.digest < b.digest ? -1 : 1))],
      };
      const text = Buffer.from(canonicalJson(index));
      await writeNewFile(join(folder, 'index.json'), [text], signal);
      const marker = Buffer.from(layoutMarker.text);
      await writeNewFile(join(folder, layoutMarker.name), [marker], signal);
    },
  };
}
