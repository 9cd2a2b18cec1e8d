import { attachmentsIn } from '../../attach/attachments.ts';
import type { Io } from '../../base/events.ts';
import type { Invocation } from '../../base/invocation.ts';
import { outputOf } from '../../outputs/outputs.ts';
import { inStage } from '../stages.ts';
import type { SetPlan, SetResult } from './request.ts';

/**
 * Delivers the outputs of all platforms that go beyond this machine: the index with the evidence about it, and
 * each image with its own. Errors: those of the outputs.
 */
export async function deliverSet(
  { outputs }: SetPlan,
  { outDir, platforms, outputs: all }: SetResult,
  { env }: Invocation,
  io: Io,
): Promise<void> {
  const attachments = () => attachmentsIn(outDir, io.signal);
  const images = platforms.map(({ manifestDigest: digest, outDir: folder }) => ({
    digest,
    attachments: () => attachmentsIn(folder, io.signal),
  }));
  for (const [at, placed] of all.entries()) {
    const output = outputOf(placed);
    const request = outputs[at];
    if (output.deliver === undefined || request === undefined) continue;
    const delivery = { request, placed, attachments, images, env };
    const work = async () => output.deliver?.(delivery, io);
    await inStage(io, 'push', 'Publishing the index', work, () => placed.dest);
  }
}
