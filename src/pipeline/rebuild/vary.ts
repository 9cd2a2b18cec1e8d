import { chown, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interrupted } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { dockerFolder, ownUser } from '../../base/host.ts';
import type { Invocation } from '../../base/invocation.ts';
import { runCommand } from '../../base/run-command.ts';
import { probeEngines } from '../../engines/choose.ts';
import { surroundingsOf } from '../../engines/surroundings.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { cacheFolder } from '../../store/cache-folder.ts';
import { removeTree } from '../../store/remove-tree.ts';
import { stateFolder } from '../../store/state-folder.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import { recordedDigests } from '../../verify/provenance.ts';
import { type DigestPair, digestCheck, digestNames } from '../../verify/rebuild/compare-rebuild.ts';
import type { Check } from '../../verify/report.ts';
import { knownBuilders, rememberBuilder } from '../builder-state.ts';
import type { RebuildOptions } from './rebuild.ts';
import { layLock, type RebuildPlan } from './rebuild-plan.ts';
import { type Variation, variations } from './variations.ts';

/** The process that starts each rebuild in one of its own. */
export interface Host {
  readonly invocation: Invocation;
  /** Words that start mkbase. */
  readonly program: readonly string[];
}

/** One variation, in a folder of its own. */
interface Attempt {
  readonly variation: Variation;
  readonly folder: string;
  readonly out: string;
  readonly plan: RebuildPlan;
  readonly options: RebuildOptions;
  readonly host: Host;
  readonly io: Io;
}

const nobody = 65534;

async function engineProblem(
  { engine }: Variation,
  { invocation }: Host,
  io: Io,
): Promise<string | undefined> {
  if (engine === undefined) return undefined;
  const probes = await probeEngines(surroundingsOf(invocation.env), io);
  const probe = probes.find(({ name }) => name === engine);
  return probe === undefined || probe.ok ? undefined : probe.reason;
}

/** Returns the reason why a variation cannot be made here; undefined when it can. */
async function obstacle(attempt: Attempt): Promise<string | undefined> {
  const { variation, plan, options, host, io } = attempt;
  const { wrap, rootOnly, coldStore } = variation;
  if (rootOnly && ownUser() !== 0) return 'only root can do that';
  if (coldStore && options.offline && options.inputs === undefined) {
    return 'it needs the network, or a bundle of inputs (--inputs)';
  }
  if (variation.otherMaker && otherMaker(plan) === undefined) return 'its kind has one maker only';
  if (wrap === undefined) return engineProblem(variation, host, io);
  const [file = '', ...args] = [...wrap, 'true'];
  const { ok, notFound, stderr, problem } = await runCommand({ file, args, signal: io.signal });
  if (ok) return engineProblem(variation, host, io);
  return notFound ? `${file} is not installed` : stderr.trim() || problem;
}

const otherMaker = ({ lock }: RebuildPlan): string | undefined => kindOf(lock.from).makers?.[1];

function buildArguments({ variation, out, plan, options }: Attempt): string[] {
  const { mirror, offline, inputs } = options;
  const maker = variation.otherMaker ? otherMaker(plan) : undefined;
  return [
    ...['build', plan.recipe, '--frozen', '--no-test', '--json', '--progress', 'plain'],
    ...['--platform', plan.lock.platform, '--engine', variation.engine ?? options.engine],
    ...['--output', 'type=oci', '--out', out],
    ...(plan.keepsBase ? ['--layers', 'base'] : []),
    ...plan.allow.flatMap((each) => ['--allow', each]),
    ...Object.entries(plan.annotations).flatMap((each) => ['--annotation', each.join('=')]),
    ...(mirror === undefined ? [] : ['--mirror', mirror]),
    ...(maker === undefined ? [] : ['--maker', maker]),
    ...(offline ? ['--offline'] : []),
    ...(inputs === undefined ? [] : ['--inputs', inputs]),
  ];
}

/**
 * Gives a state in which no results of steps are found, so that each step runs again; the builder may be
 * found, unless all is to be fetched anew.
 */
async function layState({ variation, folder, host }: Attempt): Promise<void> {
  if (variation.coldStore) return;
  for (const builder of await knownBuilders(stateFolder(host.invocation.env))) {
    await rememberBuilder(join(folder, 'state/mkbase'), builder);
  }
}

/** Keeps the cache, or gives another, and keeps the daemon when HOME changes. */
function environment({ variation, folder, plan, host }: Attempt) {
  const { env } = host.invocation;
  return {
    XDG_CACHE_HOME: variation.coldStore ? join(folder, 'cache') : join(cacheFolder(env), '..'),
    XDG_STATE_HOME: join(folder, 'state'),
    SOURCE_DATE_EPOCH: plan.epoch,
    DOCKER_CONFIG: dockerFolder(env),
    ...(variation.otherUser && { HOME: folder, TMPDIR: folder }),
    ...variation.env,
  };
}

/** The JSON that a build in a process of its own printed. */
interface Printed {
  readonly manifestDigest: string;
  readonly diffId: string;
}

/** Returns the message of an error as it was shown, in one line. */
const messageIn = (stderr: string): string | undefined =>
  /^error: (.*?)(?:\nhint:|\ncode:|$(?![\s\S]))/ms.exec(stderr)?.[1]?.replaceAll(/\s+/g, ' ');

async function build(attempt: Attempt): Promise<Printed | string> {
  const { variation, out, plan, host, io } = attempt;
  await mkdir(out, { recursive: true });
  await layLock(plan, out, host.invocation.cwd);
  await layState(attempt);
  if (variation.otherUser) await chown(out, nobody, nobody);
  const words = [...host.program, ...buildArguments(attempt)];
  const [file = '', ...args] = [...(variation.wrap ?? []), ...words];
  const started = { file, args, env: environment(attempt), signal: io.signal };
  const result = await runCommand(started);
  if (io.signal.aborted) throw interrupted(io.signal);
  if (result.ok) return JSON.parse(result.stdout) as Printed;
  return `the build failed: ${messageIn(result.stderr) ?? result.problem}`;
}

async function check(attempt: Attempt): Promise<Check> {
  const { variation, plan } = attempt;
  const how = `a rebuild ${variation.how}`;
  const skipped = await obstacle(attempt);
  const printed = skipped ?? (await build(attempt));
  if (typeof printed === 'string') return { what: how, mismatches: [], skipped: printed };
  const claims = recordedDigests(plan.provenance);
  // The manifest holds the config's digest, so equal manifests have equal configs.
  const rebuilt = { manifest: printed.manifestDigest, layer: printed.diffId };
  const digests = digestNames
    .filter((name) => name !== 'config')
    .map((name): DigestPair => ({ name, claimed: claims[name], rebuilt: rebuilt[name] }));
  return digestCheck(how, digests);
}

/** Opens a folder for one variation; another user gets one that is theirs. */
async function openFolder({ otherUser }: Variation, cache: string): Promise<Workspace> {
  if (!otherUser || ownUser() !== 0) return openWorkspace(join(cache, 'tmp'));
  const folder = await mkdtemp(join(tmpdir(), 'mkbase-vary-'));
  await chown(folder, nobody, nobody);
  return {
    folder,
    dispose: async () => {
      await removeTree(folder);
    },
  };
}

/**
 * Builds again under each variation, one after another, each in a process of its own, and compares the
 * digests with those of the first build. A variation that cannot be made here is a skipped check.
 * Errors: USAGE, IO, INTERRUPTED.
 */
export async function vary(
  plan: RebuildPlan,
  options: RebuildOptions,
  host: Host,
  io: Io,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const title = `Building again under ${variations.length} variations`;
  io.emit({ type: 'stage-start', stage: 'build', title });
  for (const variation of variations) {
    io.emit({ type: 'log', stage: 'build', line: `${variation.how}. ${variation.reason}` });
    const { folder, dispose } = await openFolder(variation, cacheFolder(host.invocation.env));
    try {
      const deep = variation.otherFolder ? join(folder, 'another folder', 'deeper') : folder;
      const attempt = { variation, folder, out: join(deep, 'out'), plan, options, host, io };
      checks.push(await check(attempt));
    } finally {
      await dispose();
    }
  }
  io.emit({ type: 'stage-done', stage: 'build' });
  return checks;
}
