import type { ForeseenNode } from '../nodes/foresee.ts';
import type { Foreseen } from '../pipeline/dry-run.ts';
import type { BuildRequest } from '../pipeline/request.ts';
import { type CommandContext, invocationOf } from './command-context.ts';

const width = 9;

const line = (word: string, what: string) => `${word.padEnd(width)}${what}\n`;

const stepLine = ({ does, tree }: ForeseenNode): string =>
  line('step', tree === undefined ? `${does}: made` : `${does}: found, sha256:${tree}`);

/** Words for people of what a build would find and make. */
export function dryRunText(foreseen: Foreseen): string {
  const { recipe, platform, current, lock, inputs, builder, steps } = foreseen;
  const head = `${recipe} for ${platform}; nothing is built.\n`;
  if (current) return `${head}${line('image', 'found: nothing has changed since it was built')}`;
  if (lock === 'missing') {
    return `${head}${line('lock', 'made; which steps are found is known when inputs are pinned')}`;
  }
  return [
    head,
    line('lock', 'found'),
    line('inputs', inputs === 'stored' ? 'found' : 'fetched, those that are not in the cache'),
    ...(builder ? [line('builder', `${builder.name}: ${builder.result}`)] : []),
    ...steps.map(stepLine),
    line('image', 'made'),
  ].join('');
}

/** `mkbase build --dry-run`: says what a build would find and what it would make. */
export async function showDryRun(
  request: BuildRequest,
  { json }: { readonly json?: true },
  context: CommandContext,
): Promise<void> {
  const { dryRun } = await import('../pipeline/dry-run.ts');
  const io = { emit: () => undefined, signal: context.signal };
  const foreseen = await dryRun(request, invocationOf(context), io);
  const text = json ? `${JSON.stringify(foreseen, null, 2)}\n` : dryRunText(foreseen);
  context.stdout.write(text);
}
