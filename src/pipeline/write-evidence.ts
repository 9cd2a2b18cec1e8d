import type { Io } from '../base/events.ts';
import type { Findings } from '../evidence/gather-evidence.ts';
import type { TestOutcome } from '../evidence/smoke.ts';
import { type StagedEvidence, stageEvidence } from '../evidence/stage-evidence.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/schema.ts';
import type { Builder } from './builder.ts';
import { localFiles } from './local-files.ts';
import type { OpenBuild } from './open-build.ts';
import type { BuildRequest } from './request.ts';
import { inStage } from './stages.ts';

/** A build that is done and tested. */
interface Finished {
  readonly lock: Lock;
  readonly builder: Builder | undefined;
  readonly image: Image;
  readonly tests: readonly TestOutcome[];
}

/** Writes the evidence of a finished build beside its place. Errors: those of stageEvidence. */
export function writeEvidence(
  findings: Findings,
  { plan, store }: OpenBuild,
  request: BuildRequest,
  { lock, builder, image, tests }: Finished,
  io: Io,
): Promise<StagedEvidence> {
  const { recipe, toolchain, platform, outDir, epoch } = plan;
  const asked = {
    platform,
    allow: request.allow ?? [],
    test: !request.noTest,
    ...(epoch !== undefined && { sourceDateEpoch: epoch }),
  };
  const work = async () => {
    const provenance = {
      ...{ recipe, toolchain, builder: builder?.reference, asked, lock, image, tests },
      localFiles: await localFiles(plan),
    };
    return stageEvidence(findings, provenance, outDir, store, io);
  };
  return inStage(io, 'evidence', 'Writing the evidence', work, () => outDir);
}
