import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Image } from '../../image/image.ts';
import { describe } from '../../oci/blob.ts';
import { blobFromFile } from '../../registry/file-source.ts';
import { getManifest, headManifest } from '../../registry/manifests.ts';
import { attach, pushShipment, type Shipment, tagManifest } from '../../registry/push.ts';
import { parseRemote, type RemoteReference, remoteName } from '../../registry/remote-reference.ts';
import { type OpenRepository, openRepository } from '../../registry/session.ts';
import type { Environment } from '../../store/transfer/agent.ts';
import { trackProgress } from '../../store/transfer/progress.ts';
import type { Delivery, EarlierBuild, OutputTarget, StagedOutput } from '../contract.ts';
import type { PushedImage, RegistryRequest } from './registry-request.ts';

/** Returns an image as it is pushed: its layer and config, then its manifest. */
function shipmentOf({ rootfs, config, manifest }: Image): Shipment {
  const layer = blobFromFile(rootfs.tar, { digest: rootfs.diffId, size: rootfs.size });
  const { digest, bytes } = config;
  return {
    blobs: [layer, { digest, size: bytes.length, bytes: () => bytes }],
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

/**
 * Brings an image to a registry under its digest alone, so that no tag stands for it yet. When that fails, the
 * registry may hold some of its blobs, which nothing names and which it removes in time. REGISTRY_*.
 */
export async function stagePush(
  image: Image,
  request: RegistryRequest,
  { env = {} }: OutputTarget,
  io: Io,
): Promise<StagedOutput> {
  const reference = parseRemote(request.ref);
  const repository = await open(reference, request, env, io);
  const shipment = shipmentOf(image);
  const total = shipment.blobs.reduce((sum, { size }) => sum + size, 0);
  const progress = trackProgress('image', total, io.emit);
  const onBytes = (difference: number) => progress.moved(remoteName(reference), difference);
  await pushShipment(repository, shipment, { onBytes }, io);
  progress.finish();
  const { type, insecure } = request;
  const dest = remoteName({ ...reference, digest: image.manifest.digest });
  const output: PushedImage = { type, dest, ...(insecure && { insecure }) };
  return { output, commit: async () => {}, discard: async () => {} };
}

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

/** Attaches the evidence to an image that was pushed and gives it its tag, last of all. REGISTRY_*. */
export async function publishPush(
  { request, placed, attachments, env }: Delivery<RegistryRequest>,
  io: Io,
): Promise<void> {
  const { tag = 'latest', digest = '', ...where } = parseRemote(placed.dest);
  const repository = await open(where, request, env, io);
  const manifest = await getManifest(repository, { digest }, io);
  if (manifest === undefined) {
    throw new MkbaseError({
      code: 'REGISTRY_FAILED',
      message: `${placed.dest}: the registry has lost the manifest that it took a moment ago.`,
      hint: 'Nothing was tagged. Run the same command again.',
    });
  }
  if (!request.bare) await attach(repository, describe(manifest), await attachments(), io);
  await tagManifest(repository, manifest, tag, io);
}
