import { resolve } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { withSlashes } from '../base/host.ts';
import type { PlatformName } from '../base/platform.ts';
import type { EngineName } from '../engines/engine.ts';
import type { Allowance, BuildRequest } from '../pipeline/request.ts';
import type { ProgressMode } from '../ui/ui.ts';

/** Options of `build` and `run`, as commander hands them over. */
export interface BuildOptions {
  readonly platform?: PlatformName;
  readonly engine: EngineName | 'auto';
  readonly mirror?: string;
  readonly offline?: true;
  readonly frozen?: true;
  /** A bundle of inputs. */
  readonly inputs?: string;
  /** Path of a public key. */
  readonly lockKey?: string;
  /** Repeated flags; undefined when there is none. */
  readonly allow?: readonly Allowance[];
  /** A policy's name or path. */
  readonly policy?: string;
  readonly sarif?: string;
  /** Name of one of the kind's makers. */
  readonly maker?: string;
  readonly layers?: 'base';
  /** False with --no-cache. */
  readonly cache?: boolean;
  /** False with --no-test. */
  readonly test?: boolean;
  readonly progress: ProgressMode;
  /** Opens a shell where a step fails. */
  readonly onFailure?: 'shell';
  readonly quiet?: true;
  /** Repeated flags; undefined when there is none. */
  readonly tag?: readonly string[];
  readonly output?: readonly string[];
  /** Repeated flags, each `KEY=VALUE`; undefined when there is none. */
  readonly annotation?: readonly string[];
  /** Pushes the image under its tags. */
  readonly push?: true;
  /** False with --no-attach. */
  readonly attach?: boolean;
  /** Repeated flags; undefined when there is none. */
  readonly insecureRegistry?: readonly string[];
  readonly out?: string;
}

/** Options of `build` alone, for what becomes of the result. */
export interface OutcomeOptions {
  /** As parseSign reads it. */
  readonly sign?: string;
  readonly json?: true;
  readonly metadataFile?: string;
  readonly iidfile?: string;
  /** The number of builds that run side by side; 1 or more. */
  readonly jobs?: number;
  readonly dryRun?: true;
}

/** Refuses what a script passes whose variable is not set; to go on without the flag would surprise it. */
function refuseEmpty(flags: Readonly<Record<string, string | undefined>>): void {
  for (const [flag, value] of Object.entries(flags)) {
    if (value !== '') continue;
    throw new MkbaseError({
      code: 'USAGE',
      message: `${flag} is empty.`,
      hint: 'Give it a value, or leave it out.',
    });
  }
}

const sarifWithoutPolicy = new MkbaseError({
  code: 'USAGE',
  message: '--sarif writes what a policy finds, and no policy is named.',
  hint: 'Name one, for instance --policy strict.',
});

/**
 * Turns flags into a request to the pipeline; paths are resolved from `cwd`. Errors: USAGE for an empty
 * flag, a malformed tag or output.
 */
export async function buildRequest(
  recipe: string,
  options: BuildOptions,
  cwd: string,
): Promise<BuildRequest> {
  const { tag = [], output = [], platform, out, mirror, inputs, lockKey, policy, sarif } = options;
  const { maker } = options;
  refuseEmpty({
    ...{ '--out': out, '--mirror': mirror, '--inputs': inputs },
    ...{ '--policy': policy, '--sarif': sarif, '--lock-key': lockKey, '--maker': maker },
  });
  if (sarif !== undefined && policy === undefined) throw sarifWithoutPolicy;
  return {
    recipe,
    engine: options.engine,
    outputs: await outputsOf(output, options, cwd),
    tags: tag.length === 0 ? [] : await parseTags(tag),
    ...(options.annotation && { annotations: parseAnnotations(options.annotation) }),
    offline: options.offline === true,
    noCache: options.cache === false,
    noTest: options.test === false,
    ...(platform && { platform }),
    ...(out !== undefined && { out }),
    ...(mirror !== undefined && { mirror }),
    ...(options.frozen && { frozen: true }),
    ...(inputs !== undefined && { inputs: resolve(cwd, inputs) }),
    ...(lockKey !== undefined && { lockKey: resolve(cwd, lockKey) }),
    ...(policy !== undefined && { policy }),
    ...(sarif !== undefined && { sarif: resolve(cwd, sarif) }),
    ...(maker !== undefined && { maker }),
    ...(options.layers && { layers: options.layers }),
    ...(options.allow && { allow: options.allow }),
  };
}

/** Reads `KEY=VALUE` of each annotation; the last of a key counts, as with buildx. Throws USAGE. */
function parseAnnotations(given: readonly string[]): Readonly<Record<string, string>> {
  const pairs = given.map((each) => {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(each) ?? [];
    if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(key) && !/[\0\n\r]/.test(value)) return [key, value];
    throw new MkbaseError({
      code: 'USAGE',
      message: `--annotation ${JSON.stringify(each)} is no annotation; expected KEY=VALUE in one line.`,
      hint: 'For instance --annotation org.opencontainers.image.revision=$(git rev-parse HEAD).',
    });
  });
  return Object.fromEntries(pairs);
}

/** Makes a path absolute; a slash at its end, which asks for a folder, stays. */
const absolute = (cwd: string, path: string): string =>
  `${resolve(cwd, path)}${withSlashes(path).endsWith('/') ? '/' : ''}`;

/** Returns the outputs that are asked for, those of --push after those of --output. Errors: USAGE. */
async function outputsOf(
  output: readonly string[],
  options: BuildOptions,
  cwd: string,
): Promise<BuildRequest['outputs']> {
  const { push, attach = true, tag = [], insecureRegistry = [] } = options;
  if (output.length === 0 && !push) return [];
  const { withPushes } = await import('./push-options.ts');
  const asked = output.length === 0 ? [] : await parseOutputs(output, cwd);
  const tags = push ? await parseTags(tag) : [];
  const offline = options.offline === true;
  return withPushes(asked, { push: push === true, tags, attach, offline, insecureRegistry });
}

async function parseOutputs(
  outputs: readonly string[],
  cwd: string,
): Promise<BuildRequest['outputs']> {
  const { parseOutput } = await import('../outputs/parse-output.ts');
  return outputs.map(parseOutput).map((output) => ({
    ...output,
    ...(output.dest !== undefined && { dest: absolute(cwd, output.dest) }),
  }));
}

async function parseTags(tags: readonly string[]): Promise<string[]> {
  const { parseReference, shortForm } = await import('../image/reference.ts');
  return [...new Set(tags.map((tag) => shortForm(parseReference(tag))))];
}
