import { attachmentsIn } from '../../attach/attachments.ts';
import type { Io } from '../../base/events.ts';
import type { Invocation } from '../../base/invocation.ts';
import { deliver } from '../deliver.ts';
import { listedManifest } from './listed-manifest.ts';
import type { SetPlan, SetResult } from './request.ts';

/**
 * Delivers the outputs of all platforms that go beyond this machine: the index with the evidence about it, and
 * each image with its own. Errors: those of the outputs.
 */
export async function deliverSet(
  { outputs, compression }: SetPlan,
  result: SetResult,
  invocation: Invocation,
  io: Io,
): Promise<void> {
  const images = result.platforms.map((each) => ({
    digest: listedManifest(each, { compression }),
    attachments: () => attachmentsIn(each.outDir, io.signal),
  }));
  await deliver(outputs, result, invocation, io, images);
}
