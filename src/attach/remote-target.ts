import type { OnBytes } from '../registry/blobs.ts';
import { pushShipment, putArtifacts, tagManifest } from '../registry/push.ts';
import type { OpenRepository } from '../registry/session.ts';
import type { CopyTarget } from './copy.ts';

/** Returns a repository of a registry as a place to copy to; without a tag the copy has its digest alone. */
export const remoteTarget = (
  repository: OpenRepository,
  tag: string | undefined,
  onBytes: OnBytes,
): CopyTarget => ({
  async push(shipment, from, io) {
    const isNear = from?.domain === repository.domain && from.path !== repository.path;
    await pushShipment(repository, shipment, { onBytes, ...(isNear && { from }) }, io);
  },
  attach: (subject, artifacts, io) => putArtifacts(repository, subject, artifacts, io),
  async tag(manifest, io) {
    if (tag !== undefined) await tagManifest(repository, manifest, tag, io);
  },
});
