import type { Io } from '../base/events.ts';
import type { Engine } from '../engines/engine.ts';
import type { Findings } from '../evidence/gather-evidence.ts';
import { type StagedEvidence, stageEvidence } from '../evidence/stage-evidence.ts';
import type { TestOutcome } from '../evidence/test-outcome.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/schema.ts';
import type { Node } from '../nodes/nodes.ts';
import type { PlacedImage } from '../outputs/place.ts';
import type { ReadyBuilder } from './builder.ts';
import type { Believed } from './inputs/prove-inputs.ts';
import { localFiles } from './local-files.ts';
import type { OpenBuild } from './open-build.ts';
import type { BuildPlan } from './plan.ts';
import type { BuildRequest, BuildResult, CompressedResult } from './request.ts';
import type { StageClock } from './stages.ts';
import { inStage } from './stages.ts';

/** A build that is done and tested. */
interface Finished {
  readonly lock: Lock;
  readonly believed: Believed;
  readonly builder: ReadyBuilder | undefined;
  readonly image: Image;
  readonly tests: readonly TestOutcome[];
  /** The steps that the image was made with. */
  readonly nodes: readonly Node[];
}

/** Writes the evidence of a finished build beside its place. Errors: those of stageEvidence. */
export function writeEvidence(
  findings: Findings,
  { plan, store }: OpenBuild,
  request: BuildRequest,
  { lock, believed, builder, image, tests, nodes }: Finished,
  io: Io,
): Promise<StagedEvidence> {
  const { recipe, toolchain, platform, outDir, epoch, annotations } = plan;
  const asked = {
    platform,
    allow: request.allow ?? [],
    test: !request.noTest,
    ...(annotations && { annotations }),
    keepsBase: plan.base !== undefined,
    ...(epoch !== undefined && { sourceDateEpoch: epoch }),
  };
  const work = async () => {
    const provenance = {
      ...{
        recipe,
        toolchain,
        builder: builder && { ...builder.reference, tree: builder.tree },
        asked,
        lock,
        image,
        tests,
        nodes,
        ...believed,
      },
      localFiles: await localFiles(plan),
    };
    return stageEvidence(findings, provenance, outDir, store, io);
  };
  return inStage(io, 'evidence', 'Writing the evidence', work, () => outDir);
}

/** Returns the forms with compressed layers as the result tells them. */
const compressedForms = ({ forms = [] }: Image): CompressedResult[] =>
  forms.map(({ compression, layers, manifest }) => ({
    compression,
    manifestDigest: manifest.digest,
    layers: layers.map(({ sha256: digest, size }) => ({ digest, size })),
  }));

/** Returns the result of a finished build. */
export function resultOf(
  plan: BuildPlan,
  engine: Engine,
  image: Image,
  placed: PlacedImage,
  tests: readonly TestOutcome[],
  clock: StageClock,
): BuildResult {
  const compressed = compressedForms(image);
  const files = image.rootfs.entries.filter((entry) => entry.type === 'file');
  return {
    recipe: plan.recipe.name,
    platform: plan.platform,
    engine: engine.name,
    tags: placed.imageId === null ? [] : plan.tags,
    imageId: placed.imageId,
    diffId: image.rootfs.diffId,
    diffIds: image.layers.map(({ diffId }) => diffId),
    manifestDigest: image.manifest.digest,
    ...(compressed.length > 0 && { compressed }),
    rootfsBytes: files.reduce((sum, { size }) => sum + size, 0),
    outputs: placed.outputs,
    outDir: plan.outDir,
    tests,
    warnings: clock.warnings,
    cached: false,
    timings: clock.timings(),
  };
}
