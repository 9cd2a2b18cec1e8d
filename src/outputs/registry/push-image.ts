import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Image, ImageForm } from '../../image/image.ts';
import { imageForm } from '../../image/image-form.ts';
import type { ImageSet } from '../../image/image-set.ts';
import { type Blob, describe, mediaTypes } from '../../oci/blob.ts';
import { blobFromPart } from '../../registry/file-source.ts';
import { getManifest, headManifest } from '../../registry/manifests.ts';
import { attach, pushShipment, type Shipment, tagManifest } from '../../registry/push.ts';
import { parseRemote, type RemoteReference, remoteName } from '../../registry/remote-reference.ts';
import { type OpenRepository, openRepository } from '../../registry/session.ts';
import type { Environment } from '../../store/transfer/agent.ts';
import { trackProgress } from '../../store/transfer/progress.ts';
import { readContent } from '../../tar/content.ts';
import type { Delivery, EarlierBuild, OutputTarget, StagedOutput } from '../contract.ts';
import type { PushedImage, RegistryRequest } from './registry-request.ts';

/** Returns an image as it is pushed: its layers and config, then its manifest. */
function shipmentOf({ config }: Image, { layers, manifest }: ImageForm): Shipment {
  const { digest, bytes } = config;
  return {
    blobs: [...layers.map(blobFromPart), { digest, size: bytes.length, bytes: () => bytes }],
    manifests: [manifest],
  };
}

const open = (
  reference: RemoteReference,
  { insecure }: Pick<RegistryRequest, 'insecure'>,
  env: Environment,
  io: Io,
): Promise<OpenRepository> =>
  openRepository(reference, { env, ...(insecure && { insecure: [reference.domain] }) }, io);

/** Returns an index as it is pushed: all blobs of its images, their manifests, then the index. */
async function indexShipment({ index, images }: ImageSet): Promise<Shipment> {
  const manifests: Blob[] = [];
  for (const { manifest } of images) {
    const { sha256: digest } = manifest;
    manifests.push({ mediaType: mediaTypes.manifest, digest, bytes: await readContent(manifest) });
  }
  const blobs = images.flatMap((image) => image.blobs.map(blobFromPart));
  return { blobs, manifests: [...manifests, index] };
}

/**
 * Brings a shipment to a registry under digests alone, so that no tag stands for it yet. When that fails, the
 * registry may hold some of its blobs, which nothing names and which it removes in time. REGISTRY_*.
 */
async function stageShipment(
  shipment: Shipment,
  digest: string,
  request: RegistryRequest,
  { env = {} }: OutputTarget,
  io: Io,
): Promise<StagedOutput> {
  const reference = parseRemote(request.ref);
  const repository = await open(reference, request, env, io);
  const total = shipment.blobs.reduce((sum, { size }) => sum + size, 0);
  const progress = trackProgress('image', total, io.emit);
  const onBytes = (difference: number) => progress.moved(remoteName(reference), difference);
  await pushShipment(repository, shipment, { onBytes }, io);
  progress.finish();
  const { type, insecure } = request;
  const dest = remoteName({ ...reference, digest });
  const output: PushedImage = { type, dest, ...(insecure && { insecure }) };
  return { output, commit: async () => {}, discard: async () => {} };
}

/** Brings an image to a registry, as told above. REGISTRY_*. */
export function stagePush(
  image: Image,
  request: RegistryRequest,
  target: OutputTarget,
  io: Io,
): Promise<StagedOutput> {
  const form = imageForm(image, request.compression);
  return stageShipment(shipmentOf(image, form), form.manifest.digest, request, target, io);
}

/** Brings the images of several platforms and the index of them to a registry, as told above. REGISTRY_*. */
export const stageIndexPush = async (
  set: ImageSet,
  request: RegistryRequest,
  target: OutputTarget,
  io: Io,
): Promise<StagedOutput> =>
  stageShipment(await indexShipment(set), set.index.digest, request, target, io);

/** Tells whether the registry still holds an image under its digest; one that does not answer, holds nothing. */
export async function isPushed(placed: PushedImage, { env, io }: EarlierBuild): Promise<boolean> {
  const { digest, ...reference } = parseRemote(placed.dest);
  if (digest === undefined) return false;
  try {
    const repository = await open(reference, placed, env, io);
    return (await headManifest(repository, { digest }, io)) === digest;
  } catch (error) {
    // Whoever pushes again is told why that fails.
    if (error instanceof MkbaseError && error.code.startsWith('REGISTRY_')) return false;
    throw error;
  }
}

/** Reads a manifest that was pushed. REGISTRY_FAILED when it is there no more. */
async function pushedManifest(
  repository: OpenRepository,
  digest: string,
  dest: string,
  io: Io,
): Promise<Blob> {
  const manifest = await getManifest(repository, { digest }, io);
  if (manifest !== undefined) return manifest;
  throw new MkbaseError({
    code: 'REGISTRY_FAILED',
    message: `${dest}: the registry has lost the manifest ${digest} that it took a moment ago.`,
    hint: 'Nothing was tagged. Run the same command again.',
  });
}

/**
 * Attaches the evidence to what was pushed, of an index first to each of its images, and gives it its tag, last
 * of all. REGISTRY_*.
 */
export async function publishPush(
  { request, placed, attachments, images = [], env }: Delivery<RegistryRequest>,
  io: Io,
): Promise<void> {
  const { dest } = placed;
  const { tag = 'latest', digest = '', ...where } = parseRemote(dest);
  const repository = await open(where, request, env, io);
  const manifest = await pushedManifest(repository, digest, dest, io);
  for (const image of request.bare ? [] : images) {
    const subject = describe(await pushedManifest(repository, image.digest, dest, io));
    await attach(repository, subject, await image.attachments(), io);
  }
  if (!request.bare) await attach(repository, describe(manifest), await attachments(), io);
  await tagManifest(repository, manifest, tag, io);
}
