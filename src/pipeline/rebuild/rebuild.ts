import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Io } from '../../base/events.ts';
import { openSigner } from '../../commands/sign/open-signer.ts';
import { parseSign } from '../../commands/sign/spec.ts';
import type { EngineName } from '../../engines/engine.ts';
import { evidenceNames } from '../../evidence/evidence.ts';
import { defaultOutput } from '../../outputs/registry.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import type { Environment } from '../../ui/color.ts';
import type { Check } from '../../verify/check.ts';
import { compareRebuild } from '../../verify/compare-rebuild.ts';
import { rebuildFiles } from '../../verify/rebuild-check.ts';
import { rebuildStatement, rebuildType } from '../../verify/rebuild-statement.ts';
import { recordPlace } from '../build-image.ts';
import { allowances, type BuildRequest } from '../request.ts';
import { layLock, type RebuildPlan } from './rebuild-plan.ts';

/** How a build is done again. */
export interface RebuildOptions {
  readonly engine: EngineName | 'auto';
  readonly mirror?: string;
  readonly offline?: true;
  /** A bundle of inputs. */
  readonly inputs?: string;
  /** What to sign the statement with, as `--sign` takes it. */
  readonly sign?: string;
}

/** A request for the same build, from its lock and from nothing else. */
function requestOf(plan: RebuildPlan, options: RebuildOptions, out: string): BuildRequest {
  const { mirror, offline, inputs, engine } = options;
  return {
    recipe: plan.recipe,
    platform: plan.lock.platform,
    engine,
    outputs: [defaultOutput(false)],
    out,
    tags: [],
    offline: offline === true,
    frozen: true,
    noCache: false,
    noTest: !plan.test,
    allow: allowances.filter((each) => plan.allow.includes(each)),
    ...(mirror !== undefined && { mirror }),
    ...(inputs !== undefined && { inputs }),
  };
}

/** Runs something with SOURCE_DATE_EPOCH as the first build had it: set, or not at all. */
async function withEpoch<T>(epoch: number | undefined, run: () => Promise<T>): Promise<T> {
  const before = process.env.SOURCE_DATE_EPOCH;
  delete process.env.SOURCE_DATE_EPOCH;
  if (epoch !== undefined) process.env.SOURCE_DATE_EPOCH = String(epoch);
  try {
    return await run();
  } finally {
    delete process.env.SOURCE_DATE_EPOCH;
    if (before !== undefined) process.env.SOURCE_DATE_EPOCH = before;
  }
}

const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

async function writeStatement(
  plan: RebuildPlan,
  engine: EngineName,
  digests: Parameters<typeof rebuildStatement>[0]['digests'],
  { sign }: RebuildOptions,
  env: Environment,
  io: Io,
): Promise<void> {
  const { folder, provenance, lock } = plan;
  const statement = rebuildStatement({
    provenance,
    sha256: {
      lock: await sha256(join(folder, evidenceNames.lock)),
      provenance: await sha256(join(folder, evidenceNames.provenance)),
    },
    engine,
    platform: lock.platform,
    digests,
  });
  await writeWholeFile(join(folder, rebuildFiles.statement), canonicalJson(statement));
  if (sign === undefined) return;
  const signer = await openSigner(parseSign(sign), env, io);
  try {
    const signed = {
      file: rebuildFiles.statement,
      bundle: rebuildFiles.bundle,
      predicateType: rebuildType,
    };
    await writeWholeFile(join(folder, rebuildFiles.bundle), await signer.sign(statement, signed));
  } finally {
    await signer.dispose();
  }
}

/**
 * Builds again from the lock in a folder of evidence, in a folder of its own, and holds what came of it
 * against the evidence; writes a statement of that beside it. Errors: those of a build.
 */
export async function rebuild(
  plan: RebuildPlan,
  options: RebuildOptions,
  env: Environment,
  io: Io,
): Promise<readonly Check[]> {
  const place = recordPlace();
  const { folder, dispose } = await openWorkspace(join(place.cache, 'tmp'));
  try {
    const out = join(folder, 'out');
    await layLock(plan, out);
    const { runPipeline } = await import('../pipeline.ts');
    const request = requestOf(plan, options, out);
    const { engine } = await withEpoch(plan.epoch, () => runPipeline(request, place, io));
    const how = `a rebuild with ${engine}`;
    const rebuilt = await compareRebuild(plan.folder, plan.provenance, out, how, io.signal);
    await writeStatement(plan, engine, rebuilt.digests, options, env, io);
    return rebuilt.checks;
  } finally {
    await dispose();
  }
}
