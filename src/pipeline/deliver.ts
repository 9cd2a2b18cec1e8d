import { attachmentsIn } from '../attach/attachments.ts';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import type { Delivery, OutputRequest, PlacedOutput } from '../outputs/contract.ts';
import { outputOf } from '../outputs/outputs.ts';
import { inStage } from './stages.ts';

/** Outputs that are placed, and the folder with the evidence about what they hold. */
interface Placed {
  readonly outputs: readonly PlacedOutput[];
  readonly outDir: string;
}

/**
 * Delivers outputs that go beyond this machine, with the evidence about them, and of an index with that about each
 * of `images`. They were asked for in the order in which they were placed. Errors: those of the outputs.
 */
export async function deliver(
  requests: readonly OutputRequest[],
  { outputs, outDir }: Placed,
  { env }: Invocation,
  io: Io,
  images?: Delivery['images'],
): Promise<void> {
  const attachments = () => attachmentsIn(outDir, io.signal);
  const title = `Publishing the ${images ? 'index' : 'image'}`;
  for (const [at, placed] of outputs.entries()) {
    const output = outputOf(placed);
    const request = requests[at];
    if (output.deliver === undefined || request === undefined) continue;
    const delivery = { request, placed, attachments, env, ...(images && { images }) };
    const work = async () => output.deliver?.(delivery, io);
    await inStage(io, 'push', title, work, () => placed.dest);
  }
}
