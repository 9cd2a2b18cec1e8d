import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Step } from '../../src/engines/step.ts';
import type { StepContext } from '../../src/steps/builder.ts';
import { runCommands } from '../../src/steps/run-commands.ts';
import { readContent } from '../../src/tar/content.ts';
import { recordingIo } from '../support/store.ts';
import { entriesOf } from '../support/tar.ts';
import { makeOn } from '../support/works.ts';

/** Returns the script that an engine is sent for the commands of a recipe. */
async function scriptFor(run: readonly (readonly string[])[]): Promise<string> {
  const sent: Buffer[] = [];
  const engine = {
    runStep: async (step: Step) => {
      for await (const chunk of step.input) sent.push(Buffer.from(chunk));
      throw new Error('sent');
    },
  };
  const context = { make: makeOn(engine) };
  const work = { run, env: {}, epoch: 7, takesPackages: true };
  const { io } = recordingIo();
  await runCommands([], work, context as unknown as StepContext, io).catch(() => undefined);
  const script = (await entriesOf(Buffer.concat(sent))).find(({ path }) =>
    path.endsWith('/step.sh'),
  );
  if (script?.type !== 'file') throw new Error('no script was sent');
  return (await readContent(script.content)).toString();
}

test('each command of `run` is told as it could be typed, and gets its words as they are', async () => {
  const script = await scriptFor([['sh', '-c', 'echo a  b'], ['printf', '%s', "it's"], ['true']]);
  const functions = /in_rootfs\(\) \{[^}]*:-[^}]*\}[^}]*\n\}/.exec(script)?.[0] ?? '';
  const commands = script.split('\n').filter((line) => /^(?:told=|in_rootfs )/.test(line));
  const shown = [
    functions.replace(/tool env -i .* "\$@"/, 'printf "<%s>" "$@"; echo'),
    ...commands,
  ].join('\n');
  expect(execFileSync('/bin/sh', ['-euc', shown], { encoding: 'utf8' }).split('\n')).toEqual([
    "+ sh -c 'echo a  b'",
    '<sh><-c><echo a  b>',
    "+ printf %s 'it'\\''s'",
    "<printf><%s><it's>",
    '+ true',
    '<true>',
    '',
  ]);
});
