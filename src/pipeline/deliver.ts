import { attachmentsIn } from '../attach/attachments.ts';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { outputOf } from '../outputs/outputs.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import { inStage } from './stages.ts';

/**
 * Delivers the outputs of a build that go beyond this machine, with the evidence in its output folder; they were
 * asked for in the order in which they were placed. Errors: those of the outputs.
 */
export async function deliver(
  { outputs }: Pick<BuildRequest, 'outputs'>,
  result: Pick<BuildResult, 'outputs' | 'outDir'>,
  { env }: Invocation,
  io: Io,
): Promise<void> {
  const attachments = () => attachmentsIn(result.outDir, io.signal);
  for (const [at, placed] of result.outputs.entries()) {
    const output = outputOf(placed);
    const request = outputs[at];
    if (output.deliver === undefined || request === undefined) continue;
    const work = async () => output.deliver?.({ request, placed, attachments, env }, io);
    await inStage(io, 'push', 'Publishing the image', work, () => placed.dest);
  }
}
