import type { BuildResult } from '../request.ts';
import type { SetPlan } from './request.ts';

/** Returns `sha256:<hex>` of the manifest that an index lists of one platform: that of the index's form. */
export const listedManifest = (
  { manifestDigest, compressed = [] }: Pick<BuildResult, 'manifestDigest' | 'compressed'>,
  { compression }: Pick<SetPlan, 'compression'>,
): string =>
  compressed.find((form) => form.compression === compression)?.manifestDigest ?? manifestDigest;
