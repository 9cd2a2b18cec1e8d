import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exitCodes } from '../base/errors.ts';
import { formatBytes } from '../base/format.ts';
import { hostName } from '../base/host.ts';
import type { Probe } from '../engines/engine.ts';
import { type Fact, facts } from '../ui/layout.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import { oneLine, wrap } from '../ui/text.ts';
import type { CommandContext } from './command-context.ts';
import { builderFacts } from './doctor/builder-facts.ts';

export interface DoctorOptions {
  readonly mirror?: string;
}

/** Returns the bytes that an ordinary user may still write where `folder` is or would be. */
async function freeSpace(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return freeSpace(dirname(folder));
  }
}

/** A build of the largest recipe that ships, with its builder and its downloads, stays below this. */
const enoughSpace = 2_000_000_000;

type Refusal = Pick<Extract<Probe, { ok: false }>, 'reason' | 'cure'>;

/** Tells why a namespace engine that works cannot make root filesystems with several users. */
async function rangeRefusal(probes: readonly Probe[]): Promise<Refusal | undefined> {
  if (!probes.some(({ name, ok }) => name === 'namespace' && ok)) return undefined;
  return (await import('../engines/namespace/ids.ts')).idRangeRefusal();
}

/** Returns the columns beside the longest label. */
const textWidthOf = (stdout: CommandContext['stdout']): number =>
  columnsOf(stdout) - 'namespace'.length - 2;

function engineFacts(
  probes: readonly Probe[],
  noRange: Refusal | undefined,
  { stdout, env }: CommandContext,
): Fact[] {
  const palette = paletteOf(stdout, env);
  const width = textWidthOf(stdout);
  const chosen = probes.find(({ ok }) => ok);
  return probes.map((probe): Fact => {
    if (probe.ok) {
      const { platform } = probe.engine;
      const machine = platform === hostName() ? '' : `, on ${platform}`;
      const mark = `${machine}${probe === chosen ? ', what --engine auto takes' : ''}`;
      const works = `${palette.green('works')}: ${oneLine(probe.engine.description)}${mark}`;
      const weak = probe.engine.gaps.flatMap(({ message, advice = '' }) => [message, advice]);
      const held = `limits: ${probe.engine.enforcement.join('; ')}`;
      const lines = [works, ...[held, ...weak].flatMap((text) => wrap(oneLine(text), width))];
      if (probe.name !== 'namespace' || noRange === undefined) return [probe.name, lines];
      const but = `but not for root filesystems with several users: ${oneLine(noRange.reason)}`;
      return [probe.name, [...lines, ...wrap(but, width), ...wrap(oneLine(noRange.cure), width)]];
    }
    const [first = '', ...more] = wrap(`cannot: ${oneLine(probe.reason)}`, width);
    const colored = first.replace('cannot', palette.red('cannot'));
    return [probe.name, [colored, ...more, ...wrap(oneLine(probe.cure), width)]];
  });
}

async function mirrorLines(flag: string | undefined, context: CommandContext): Promise<string[]> {
  const { env } = context;
  const [{ debianMirrors }, { readAptSources }, { showUrl }] = await Promise.all([
    import('../packages/deb/archive/mirrors.ts'),
    import('../packages/deb/archive/apt-sources.ts'),
    import('../store/show-url.ts'),
  ]);
  const mirrors = debianMirrors({ flag, env, aptSources: await readAptSources() });
  return [showUrl(mirrors.main), `${showUrl(mirrors.security)} (security)`];
}

/** `mkbase doctor`: shows what mkbase finds on this machine. Resolves to 5 when no engine can work. */
export async function doctor(options: DoctorOptions, context: CommandContext): Promise<number> {
  const { stdout, env, signal } = context;
  const [{ probeEngines }, { cacheFolder }, { stateFolder }] = await Promise.all([
    import('../engines/choose.ts'),
    import('../store/cache-folder.ts'),
    import('../store/state-folder.ts'),
  ]);
  const cache = cacheFolder(env);
  const io = { emit: () => {}, signal };
  const probes = await probeEngines({ cache, env }, io);
  const free = await freeSpace(cache);
  const palette = paletteOf(stdout, env);
  const engines = probes.flatMap((probe) => (probe.ok ? [probe.engine] : []));
  const scarce = free < enoughSpace ? palette.yellow(' (a first build may need 2 GB)') : '';
  const rows: Fact[] = [
    ...engineFacts(probes, await rangeRefusal(probes), context),
    ['node', `${process.version} for ${hostName()}`],
    ['cache', `${cache}, ${formatBytes(free)} free${scarce}`],
    ...(await builderFacts(engines, stateFolder(env), textWidthOf(stdout), context)),
    ['mirror', await mirrorLines(options.mirror, context)],
  ];
  stdout.write(`${facts(rows, palette).join('\n')}\n`);
  return probes.some(({ ok }) => ok) ? 0 : exitCodes.NO_ENGINE;
}
