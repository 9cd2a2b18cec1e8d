import { join } from 'node:path';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfFile } from '../../base/hash.ts';
import type { Invocation } from '../../base/invocation.ts';
import type { EngineName } from '../../engines/engine.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import type { Statement } from '../../evidence/provenance/statement.ts';
import { defaultOutput } from '../../outputs/outputs.ts';
import type { Signer } from '../../sign/sign-folder.ts';
import { cacheFolder } from '../../store/cache-folder.ts';
import { stateFolder } from '../../store/state-folder.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import { rebuildFiles } from '../../verify/rebuild/check-statement.ts';
import { compareRebuild } from '../../verify/rebuild/compare-rebuild.ts';
import { rebuildStatement, rebuildType } from '../../verify/rebuild/rebuild-statement.ts';
import type { Check } from '../../verify/report.ts';
import { knownBuilders } from '../builder-state.ts';
import { allowances, type BuildRequest } from '../request.ts';
import { builderCheck } from './builder-check.ts';
import { layLock, type RebuildPlan } from './rebuild-plan.ts';

/** Options of a rebuild, as of a build. */
export interface RebuildOptions {
  readonly engine: EngineName | 'auto';
  readonly mirror?: string;
  readonly offline?: true;
  /** A bundle of inputs. */
  readonly inputs?: string;
}

/** Asks for the same build, from its lock and from nothing else: the builder is made anew, too. */
function requestOf(plan: RebuildPlan, options: RebuildOptions, out: string): BuildRequest {
  const { mirror, offline, inputs, engine } = options;
  return {
    recipe: plan.recipe,
    platform: plan.lock.platform,
    engine,
    outputs: [defaultOutput(false)],
    out,
    tags: [],
    annotations: plan.annotations,
    offline: offline === true,
    frozen: true,
    noCache: false,
    ownBuilder: true,
    noTest: !plan.test,
    allow: allowances.filter((each) => plan.allow.includes(each)),
    ...(plan.keepsBase && { layers: 'base' as const }),
    ...(mirror !== undefined && { mirror }),
    ...(inputs !== undefined && { inputs }),
  };
}

/** Writes the statement of a rebuild into the folder of evidence. */
async function writeStatement(
  { folder, provenance, lock }: RebuildPlan,
  engine: EngineName,
  digests: Parameters<typeof rebuildStatement>[0]['digests'],
): Promise<Statement> {
  const statement = rebuildStatement({
    provenance,
    sha256: {
      lock: await sha256OfFile(join(folder, evidenceNames.lock)),
      provenance: await sha256OfFile(join(folder, evidenceNames.provenance)),
    },
    engine,
    platform: lock.platform,
    digests,
  });
  await writeWholeFile(join(folder, rebuildFiles.statement), canonicalJson(statement));
  return statement;
}

/** Signs the statement of a rebuild and writes the bundle beside it. */
export async function signRebuild(
  { folder }: RebuildPlan,
  statement: Statement,
  sign: Signer,
): Promise<void> {
  const { statement: file, bundle } = rebuildFiles;
  const signed = await sign(statement, { file, bundle, predicateType: rebuildType });
  await writeWholeFile(join(folder, bundle), signed);
}

/** A rebuild's checks, and the statement that was written of it. */
export interface Rebuilt {
  readonly checks: readonly Check[];
  readonly statement: Statement;
}

/**
 * Builds again from the lock in a folder of evidence, in a folder of its own, with SOURCE_DATE_EPOCH as
 * the first build had it. Compares the result with the evidence and writes a statement beside it.
 * Errors: those of a build.
 */
export async function rebuild(
  plan: RebuildPlan,
  options: RebuildOptions,
  invocation: Invocation,
  io: Io,
): Promise<Rebuilt> {
  const { folder, dispose } = await openWorkspace(join(cacheFolder(invocation.env), 'tmp'));
  try {
    const out = join(folder, 'out');
    await layLock(plan, out, invocation.cwd);
    const { runPipeline } = await import('../pipeline.ts');
    const request = requestOf(plan, options, out);
    const env = { ...invocation.env, SOURCE_DATE_EPOCH: plan.epoch };
    const known = await knownBuilders(stateFolder(invocation.env));
    const { engine } = await runPipeline(request, { ...invocation, env }, io);
    const how = `a rebuild with ${engine}`;
    const rebuilt = await compareRebuild(plan.folder, plan.provenance, out, how, io.signal);
    const builder = await builderCheck(known, out, how);
    const statement = await writeStatement(plan, engine, rebuilt.digests);
    return { checks: [...rebuilt.checks, ...builder], statement };
  } finally {
    await dispose();
  }
}
